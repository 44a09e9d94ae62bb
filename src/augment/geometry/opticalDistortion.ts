import * as z from 'zod'
import { borderArguments } from '../warp/border.ts'
import { symmetricRange } from '../draw.ts'
import { drawFrom } from '../ranges.ts'
import { lensMap } from '../warp/lensMap.ts'
import { defineDrawnTransform, probability } from '../transform.ts'
import { warp, type Warp } from '../warp/warp.ts'
import { numberOrRange, warpInterpolation, warpOf } from '../warp/warpArguments.ts'

export const opticalDistortion = defineDrawnTransform({
  name: 'OpticalDistortion',
  summary: 'Bends the image as a lens does, to a barrel or a cushion.',
  arguments: z.object({
    distort_limit: numberOrRange(-10, 10)
      .default([-0.05, 0.05])
      .describe('Coefficient of distortion, drawn from this range; one number l means −l … l (default [-0.05, 0.05]).'),
    interpolation: warpInterpolation,
    mode: z
      .enum(['camera', 'fisheye'])
      .default('camera')
      .describe("OpenCV's camera with k1 = k2, or a fisheye (default camera)."),
    ...borderArguments('constant'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (sample, args, random): Warp =>
    warpOf(sample, args, lensMap(sample, drawFrom(symmetricRange(args.distort_limit), random), args.mode)),
  perform: warp,
})
