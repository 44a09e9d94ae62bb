import * as z from 'zod'
import { hlsToRgb, rgbToHls } from '../pixels/hls.ts'
import { drawFrom, pair } from '../ranges.ts'
import { defineDrawnTransform, probability, type Random } from '../transform.ts'

export const isoNoise = defineDrawnTransform({
  name: 'ISONoise',
  summary: 'Noise of a camera at high sensitivity: of the lightness (Poisson) and of the hue (normal).',
  arguments: z.object({
    color_shift: pair([0.01, 0.05], 0, 1).describe(
      'Deviation of the hue in degrees, times intensity, is drawn from this range (default [0.01, 0.05]).',
    ),
    intensity: pair([0.1, 0.5], 0, 10).describe('Strength of both is drawn from this range (default [0.1, 0.5]).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw(sample, { color_shift, intensity }, random) {
    const shift = drawFrom(color_shift, random)
    const strength = drawFrom(intensity, random)
    const hls = rgbToHls(sample.image)
    const photons = poisson(lightnessDeviation(hls) * strength)
    // H and L of every pixel: what is added before L is scaled by how far it is from white.
    const noise = new Float32Array((hls.length / 3) * 2)
    for (let i = 0; i < noise.length; i += 2) {
      noise[i] = shift * strength * random.normal()
      noise[i + 1] = strength * photons(random)
    }
    return { hls, noise }
  },
  perform(sample, { hls, noise }) {
    const noised = hls.slice()
    for (let i = 0, n = 0; i < noised.length; i += 3, n += 2) {
      noised[i] += noise[n]
      noised[i + 1] = Math.min(1, noised[i + 1] + noise[n + 1] * (1 - noised[i + 1]))
    }
    return { ...sample, image: hlsToRgb(noised) }
  },
})

function lightnessDeviation(hls: Float32Array): number {
  let sum = 0
  let squares = 0
  for (let i = 1; i < hls.length; i += 3) {
    sum += hls[i]
    squares += hls[i] * hls[i]
  }
  const pixels = hls.length / 3
  return Math.sqrt(Math.max(0, squares / pixels - (sum / pixels) ** 2))
}

/** Draws by inversion: the sums of the probabilities of 0, 1, 2 … are few where the mean is small, and here it is at most 5. */
function poisson(mean: number): (random: Random) => number {
  const sums: number[] = []
  for (let k = 0, probability = Math.exp(-mean), sum = 0; sum < 1 - 1e-12 && k < 200; probability *= mean / ++k)
    sums.push((sum += probability))
  return (random) => {
    const drawn = random.next()
    let k = 0
    while (k < sums.length - 1 && drawn >= sums[k]) k++
    return k
  }
}
