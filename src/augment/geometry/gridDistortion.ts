import * as z from 'zod'
import { borderArguments } from '../warp/border.ts'
import { distortedAxis, normalizedSteps } from '../warp/distortedAxis.ts'
import { symmetricRange } from '../draw.ts'
import { drawFrom } from '../ranges.ts'
import { UserError } from '../../core/errors.ts'
import type { Size } from '../sample.ts'
import { separableMap } from '../warp/sourceMap.ts'
import { defineDrawnTransform, probability } from '../transform.ts'
import { warp, type Warp } from '../warp/warp.ts'
import { numberOrRange, warpInterpolation, warpOf } from '../warp/warpArguments.ts'

export const gridDistortion = defineDrawnTransform({
  name: 'GridDistortion',
  summary: 'Stretches and squeezes the columns and rows of a grid.',
  arguments: z.object({
    num_steps: z.int().min(1).max(1000).default(5).describe('Cells of the grid on each side (default 5).'),
    distort_limit: numberOrRange(-1, 1)
      .default([-0.3, 0.3])
      .describe('A cell is read one plus a number of this range as wide; one number l means −l … l (default [-0.3, 0.3]).'), // prettier-ignore
    interpolation: warpInterpolation,
    normalized: z.boolean().default(true).describe('The cells together keep the size of the image (default true).'),
    ...borderArguments('constant'),
    p: probability(0.5),
  }),
  outputSizes: (size, { num_steps }) => {
    checkSteps(size, num_steps)
    return [size]
  },
  draw: (sample, args, random): Warp => {
    const { height, width } = sample
    checkSteps(sample, args.num_steps)
    const range = symmetricRange(args.distort_limit)
    const axis = (length: number): Float32Array => {
      const steps = Array.from({ length: args.num_steps + 1 }, () => 1 + drawFrom(range, random))
      return distortedAxis(
        length,
        args.num_steps,
        args.normalized ? normalizedSteps(length, args.num_steps, steps) : steps,
      )
    }
    return warpOf(sample, args, separableMap(axis(width), axis(height)))
  },
  perform: warp,
})

function checkSteps({ height, width }: Size, steps: number): void {
  const most = Math.min(height, width)
  if (steps <= most) return
  throw new UserError(`GridDistortion: num_steps ${steps} is more than the shorter side has pixels.`, {
    value: steps,
    allowed: `1 … ${most}`,
    code: 'grid-too-fine',
  })
}
