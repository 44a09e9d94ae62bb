import * as z from 'zod'
import { convolve, type Kernel } from '../pixels/convolve.ts'
import { gaussianBlur, gaussianKernel } from '../pixels/gaussian.ts'
import { drawFrom, pair } from '../ranges.ts'
import type { Sample } from '../sample.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const sharpen = defineDrawnTransform({
  name: 'Sharpen',
  summary: 'Sharpens edges, by a kernel of 3×3 or by an unsharp mask.',
  arguments: z.object({
    alpha: pair([0.2, 0.5], 0, 1).describe(
      'Strength is drawn from this range; 0 changes nothing (default [0.2, 0.5]).',
    ),
    lightness: pair([0.5, 1], 0, 10).describe(
      'What is added to the middle of the kernel is drawn from this range (default [0.5, 1]).',
    ),
    method: z
      .enum(['kernel', 'gaussian'])
      .default('kernel')
      .describe('A Laplacian kernel, or the difference from a Gaussian blur (default kernel).'),
    kernel_size: z
      .number()
      .int()
      .min(3)
      .max(255)
      .default(5)
      .describe('Side of the Gaussian in pixels, odd; with method gaussian (default 5).'),
    sigma: z.number().positive().max(100).default(1).describe('Its standard deviation in pixels (default 1).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw(_sample, { alpha, lightness, method, kernel_size, sigma }, random) {
    const strength = drawFrom(alpha, random)
    return method === 'kernel'
      ? laplacian(strength, drawFrom(lightness, random))
      : { strength, gaussian: gaussianKernel(kernel_size | 1, sigma) }
  },
  perform: (sample, how) => ({
    ...sample,
    image: 'gaussian' in how ? unsharpened(sample, how) : convolve({ ...sample, channels: 3 }, how),
  }),
})

/** (1 − α) · identity + α · [[−1, −1, −1], [−1, 8 + ℓ, −1], [−1, −1, −1]] */
function laplacian(alpha: number, lightness: number): Kernel {
  const weights = Float64Array.from({ length: 9 }, (_, i) => (i === 4 ? 1 - alpha + alpha * (8 + lightness) : -alpha))
  return { side: 3, weights }
}

interface UnsharpMask {
  readonly strength: number
  readonly gaussian: Float64Array
}

/** v + strength · (v − blurred v) */
function unsharpened(sample: Sample, { strength, gaussian }: UnsharpMask): Uint8Array {
  const blurred = gaussianBlur({ ...sample, channels: 3 }, gaussian)
  const output = new Uint8ClampedArray(blurred.length)
  for (let i = 0; i < output.length; i++) output[i] = sample.image[i] + strength * (sample.image[i] - blurred[i])
  return new Uint8Array(output.buffer)
}
