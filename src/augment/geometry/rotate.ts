import * as z from 'zod'
import { borderArguments } from '../warp/border.ts'
import { distinctSizes } from '../compose/sizes.ts'
import { symmetricRange } from '../draw.ts'
import { drawFrom } from '../ranges.ts'
import { affineMatrix } from '../warp/matrix.ts'
import { largestUprightBox } from '../warp/largestUprightBox.ts'
import type { Size } from '../sample.ts'
import { crop } from '../stridedCopy.ts'
import { matrixMap } from '../warp/sourceMap.ts'
import { defineDrawnTransform, probability } from '../transform.ts'
import { warp, type Warp } from '../warp/warp.ts'
import { angleLimit, warpInterpolation, warpOf } from '../warp/warpArguments.ts'

/** Sizes of the cropped image are told for this many angles of the range. */
const anglesTold = 512

interface Rotation extends Warp {
  /** Part of the turned image that is kept; all of it where undefined. */
  readonly box: ReturnType<typeof largestUprightBox> | undefined
}

export const rotate = defineDrawnTransform({
  name: 'Rotate',
  summary: 'Turns about the centre by a random angle; the corners leave the image.',
  arguments: z.object({
    limit: angleLimit,
    interpolation: warpInterpolation,
    ...borderArguments('reflect_101'),
    crop_border: z
      .boolean()
      .default(false)
      .describe(
        'Keep the largest upright rectangle without border; its size depends on the angle, so a Resize must follow (default false).',
      ),
    p: probability(0.5),
  }),
  outputSizes: (size, { limit, crop_border }) => {
    if (!crop_border) return [size]
    const [low, high] = symmetricRange(limit)
    const boxes = Array.from({ length: anglesTold }, (_, i) =>
      largestUprightBox(size, low + ((high - low) * i) / (anglesTold - 1)),
    )
    return distinctSizes(boxes.map(({ height, width }) => ({ height, width })))
  },
  draw: (sample, args, random): Rotation => {
    const angle = drawFrom(symmetricRange(args.limit), random)
    return {
      ...warpOf(sample, args, matrixMap(rotationMatrix(sample, angle))),
      box: args.crop_border ? largestUprightBox(sample, angle) : undefined,
    }
  },
  perform: (sample, rotation) => {
    const turned = warp(sample, rotation)
    const { box } = rotation
    return box === undefined ? turned : crop(turned, box.top, box.left, box)
  },
})

function rotationMatrix(size: Size, angle: number): ReturnType<typeof affineMatrix> {
  const none = { x: 0, y: 0 }
  return affineMatrix({ translate: none, shear: none, scale: { x: 1, y: 1 }, rotate: angle }, size)
}
