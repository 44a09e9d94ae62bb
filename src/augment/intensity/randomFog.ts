import * as z from 'zod'
import { gaussianBlur, gaussianKernel } from '../pixels/gaussian.ts'
import { drawFrom, drawInteger, pair } from '../ranges.ts'
import type { Size } from '../sample.ts'
import { defineDrawnTransform, probability, type Random } from '../transform.ts'

/** A white disc of the fog. */
interface Particle {
  readonly x: number
  readonly y: number
  readonly radius: number
}

export const randomFog = defineDrawnTransform({
  name: 'RandomFog',
  summary: 'Lays blurred white discs over the image, most of them near its middle.',
  arguments: z.object({
    alpha_coef: z.number().min(0).max(1).default(0.08).describe('How opaque a disc is (default 0.08).'),
    fog_coef_range: pair([0.3, 1], 0, 1).describe('Density is drawn from this range (default [0.3, 1]).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw(sample, { alpha_coef, fog_coef_range }, random) {
    const intensity = drawFrom(fog_coef_range, random)
    return { opacity: alpha_coef * intensity, particles: drawParticles(sample, intensity, random) }
  },
  perform(sample, { opacity, particles }) {
    const { image, height, width } = sample
    const discs = new Uint8Array(height * width)
    for (const particle of particles) fillDisc(discs, sample, particle)
    const fog = gaussianBlur({ image: discs, height, width, channels: 1 }, gaussianKernel(25, 0))
    const output = new Uint8ClampedArray(image.length)
    for (let i = 0, pixel = 0; i < image.length; i += 3, pixel++) {
      const share = (fog[pixel] / 255) * opacity
      for (let c = 0; c < 3; c++) output[i + c] = image[i + c] * (1 - share) + fog[pixel] * share
    }
    return { ...sample, image: new Uint8Array(output.buffer) }
  },
})

/** Up to ten rectangles about the middle, each a tenth smaller than the last, are strewn with discs (Albumentations 1.4). */
function drawParticles({ height, width }: Size, intensity: number, random: Random): Particle[] {
  const region = Math.max(1, Math.floor(Math.floor(width / 3) * intensity))
  const largest = Math.max(2, Math.floor(Math.min(height, width) * 0.1 * intensity))
  const radii = [Math.max(1, Math.floor(largest / 2)), largest - 1] as const
  const [centreX, centreY] = [Math.floor((width - 1) / 2), Math.floor((height - 1) / 2)]
  const particles: Particle[] = []
  let [wide, high] = [width, height]
  for (let round = 0; round < 10 && wide > region && high > region; round++) {
    const count = Math.floor(((wide * high) / (region * region)) * intensity * 10)
    const [halfX, halfY] = [Math.floor(wide / 2), Math.floor(high / 2)]
    for (let i = 0; i < count; i++)
      particles.push({
        x: drawInteger([centreX - halfX, centreX + halfX], random),
        y: drawInteger([centreY - halfY, centreY + halfY], random),
        radius: drawInteger(radii, random),
      })
    wide = Math.floor(wide * 0.9)
    high = Math.floor(high * 0.9)
  }
  return particles
}

function fillDisc(discs: Uint8Array, { height, width }: Size, { x, y, radius }: Particle): void {
  for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
    const reach = Math.floor(Math.sqrt(radius * radius - (row - y) ** 2))
    discs.fill(255, row * width + Math.max(0, x - reach), row * width + Math.min(width - 1, x + reach) + 1)
  }
}
