import * as z from 'zod'
import { gaussianBlur as blurred, gaussianKernel } from '../pixels/gaussian.ts'
import { drawFrom, drawOdd, kernelSides, range, upTo } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const gaussianBlur = defineDrawnTransform({
  name: 'GaussianBlur',
  summary: 'Blurs by a Gaussian of random size.',
  arguments: z.object({
    blur_limit: z
      .union([z.literal(0), kernelSides([3, 7])])
      .default([3, 7])
      .describe(
        'Side of the kernel in pixels, an odd number of this range; one number b means 3 … b; 0 takes 3 sigma to both sides (default [3, 7]).',
      ),
    sigma_limit: range(0, 0, 100).describe(
      'Standard deviation in pixels is drawn from this range; one number s means 0 … s; 0 derives it from the kernel (default 0).',
    ),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw(_sample, { blur_limit, sigma_limit }, random) {
    const side = blur_limit === 0 ? 0 : drawOdd(upTo(blur_limit, 3), random)
    const sigma = drawFrom(upTo(sigma_limit, 0), random)
    return { side: side === 0 ? Math.max(3, Math.round(6 * sigma + 1) | 1) : side, sigma }
  },
  perform: (sample, { side, sigma }) => ({
    ...sample,
    image: blurred({ ...sample, channels: 3 }, gaussianKernel(side, sigma)),
  }),
})
