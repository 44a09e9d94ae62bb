import * as z from 'zod'
import { borderArguments } from '../warp/border.ts'
import { symmetricRange } from '../draw.ts'
import { drawFrom } from '../ranges.ts'
import { centerOf, multiply, rotation, scaling, translation, type Matrix } from '../warp/matrix.ts'
import type { Size } from '../sample.ts'
import { matrixMap } from '../warp/sourceMap.ts'
import { defineDrawnTransform, probability } from '../transform.ts'
import { warp, type Warp } from '../warp/warp.ts'
import { angleLimit, warpInterpolation, warpOf } from '../warp/warpArguments.ts'

export const safeRotate = defineDrawnTransform({
  name: 'SafeRotate',
  summary: 'Turns by a random angle and shrinks so that nothing leaves the image.',
  arguments: z.object({
    limit: angleLimit,
    interpolation: warpInterpolation,
    ...borderArguments('reflect_101'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (sample, args, random): Warp =>
    warpOf(sample, args, matrixMap(safeRotation(sample, drawFrom(symmetricRange(args.limit), random)))),
  perform: warp,
})

/** The turned image in the middle of its bounding box, which is then scaled to the size of the image. */
export function safeRotation(size: Size, degrees: number): Matrix {
  const { height, width } = size
  const turned = rotation(degrees)
  const [cos, sin] = [Math.abs(turned[0]), Math.abs(turned[1])]
  const boxWidth = Math.max(1, Math.trunc(height * sin + width * cos))
  const boxHeight = Math.max(1, Math.trunc(height * cos + width * sin))
  const center = centerOf(size)
  return [translation(boxWidth / 2, boxHeight / 2), turned, translation(-center.x, -center.y)].reduce(
    multiply,
    scaling(width / boxWidth, height / boxHeight),
  )
}
