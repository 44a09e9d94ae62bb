import * as z from 'zod'
import { boxBlur } from '../pixels/boxBlur.ts'
import { drawOdd, kernelSides, upTo } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const blur = defineDrawnTransform({
  name: 'Blur',
  summary: 'Blurs by the mean of a square of random size.',
  arguments: z.object({
    blur_limit: kernelSides([3, 7]).describe(
      'Side of the square in pixels, an odd number of this range; one number b means 3 … b (default [3, 7]).',
    ),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (_sample, { blur_limit }, random) => drawOdd(upTo(blur_limit, 3), random),
  perform: (sample, side) => ({ ...sample, image: boxBlur({ ...sample, channels: 3 }, side) }),
})
