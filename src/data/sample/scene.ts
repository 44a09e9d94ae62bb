import type { Rgb } from '../../augment/normalize.ts'
import type { RandomStream } from '../../core/random.ts'

/** What all pictures of one scene share: neighbours look alike, so they must not be split between training and validation. */
export interface Scene {
  readonly ground: Rgb
  /** Direction and wavelength of the ground's waves. */
  readonly angle: number
  readonly wavelengthPixels: number
  /** Factor on all grey levels. */
  readonly brightness: number
}

/** Greyish grounds: scenes differ, but no scene's ground looks like an object of another. */
export function drawScene(random: RandomStream): Scene {
  const gray = 85 + random.integer(45)
  const tinted = (): number => gray - 12 + random.integer(25)
  return {
    ground: [tinted(), tinted(), tinted()],
    angle: random.next() * Math.PI,
    wavelengthPixels: 18 + random.next() * 30,
    brightness: 0.85 + 0.3 * random.next(),
  }
}

/** Waves over the scene's colour; noise is added to the finished picture. */
export function paintGround(image: Float64Array, size: number, scene: Scene, random: RandomStream): void {
  const phase = random.next() * 2 * Math.PI
  const frequency = (2 * Math.PI) / scene.wavelengthPixels
  for (let i = 0; i < size * size; i++) {
    const along = (i % size) * Math.cos(scene.angle) + Math.floor(i / size) * Math.sin(scene.angle)
    const wave = 18 * Math.sin(along * frequency + phase)
    for (let c = 0; c < 3; c++) image[i * 3 + c] = scene.ground[c] + wave
  }
}
