import * as z from 'zod'
import { borderArguments } from '../warp/border.ts'
import { symmetricRange } from '../draw.ts'
import { drawFrom } from '../ranges.ts'
import { affineMatrix } from '../warp/matrix.ts'
import { matrixMap } from '../warp/sourceMap.ts'
import { defineDrawnTransform, probability } from '../transform.ts'
import { warp, type Warp } from '../warp/warp.ts'
import { numberOrRange, warpInterpolation, warpOf } from '../warp/warpArguments.ts'

const shift = numberOrRange(-1, 1)

export const shiftScaleRotate = defineDrawnTransform({
  name: 'ShiftScaleRotate',
  summary: 'Shifts, scales and turns at once, about the centre.',
  arguments: z
    .object({
      shift_limit: shift
        .default([-0.0625, 0.0625])
        .describe('Shift as a share of width and height; one number l means −l … l (default [-0.0625, 0.0625]).'),
      scale_limit: numberOrRange(-0.99, 10)
        .default([-0.1, 0.1])
        .describe(
          'The factor of size is one plus a number of this range, drawn for each axis on its own (as in Albumentations 1.4; 1.3 drew one for both); one number l means −l … l (default [-0.1, 0.1]).',
        ),
      rotate_limit: numberOrRange(-360, 360)
        .default([-45, 45])
        .describe('Degrees counter-clockwise; one number l means −l … l (default [-45, 45]).'),
      interpolation: warpInterpolation,
      ...borderArguments('reflect_101'),
      shift_limit_x: shift
        .nullable()
        .default(null)
        .describe('Horizontal shift in place of shift_limit (default null).'),
      shift_limit_y: shift.nullable().default(null).describe('Vertical shift in place of shift_limit (default null).'),
      p: probability(0.5),
    })
    .refine(({ scale_limit: limit }) => symmetricRange(limit)[0] > -1, {
      path: ['scale_limit'],
      message: 'must stay above −1: at −1 nothing of the image is left',
    }),
  outputSizes: (size) => [size],
  draw: (sample, args, random): Warp => {
    const { height, width } = sample
    const across = drawFrom(symmetricRange(args.shift_limit_x ?? args.shift_limit), random)
    const down = drawFrom(symmetricRange(args.shift_limit_y ?? args.shift_limit), random)
    const limit = symmetricRange(args.scale_limit)
    const matrix = affineMatrix(
      {
        translate: { x: Math.trunc(across * width), y: Math.trunc(down * height) },
        shear: { x: 0, y: 0 },
        scale: { x: 1 + drawFrom(limit, random), y: 1 + drawFrom(limit, random) },
        rotate: drawFrom(symmetricRange(args.rotate_limit), random),
      },
      sample,
    )
    return warpOf(sample, args, matrixMap(matrix))
  },
  perform: warp,
})
