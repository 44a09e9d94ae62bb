import * as z from 'zod'
import { borderArguments } from '../warp/border.ts'
import { fixedOrRange } from '../draw.ts'
import { drawFrom, type Range } from '../ranges.ts'
import { quadrangleToImage, type Quadrangle } from '../warp/quadrangle.ts'
import type { Size } from '../sample.ts'
import { matrixMap } from '../warp/sourceMap.ts'
import { defineDrawnTransform, probability, type Random } from '../transform.ts'
import { warp, type Warp } from '../warp/warp.ts'
import { numberOrRange, warpInterpolation, warpOf } from '../warp/warpArguments.ts'

/** The farthest that a corner moves, as a share of the side. */
const farthest = 0.32

export const perspective = defineDrawnTransform({
  name: 'Perspective',
  summary:
    'Looks at the image from aside: a random quadrangle inside it becomes the whole image (Albumentations 1.4 enlarges it once more, so that its lower right is lost).',
  arguments: z.object({
    scale: numberOrRange(0, 1)
      .default([0.05, 0.1])
      .describe(
        'Standard deviation of the way of each corner, as a share of the sides, drawn from this range; one number s means 0 … s (default [0.05, 0.1]).',
      ),
    keep_size: z
      .literal(true)
      .default(true)
      .describe(
        'The image keeps its size; Albumentations can also let it go, which no training batch can (default true).',
      ),
    interpolation: warpInterpolation,
    ...borderArguments('constant'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (sample, args, random): Warp => {
    const range: Range = typeof args.scale === 'number' ? [0, args.scale] : fixedOrRange(args.scale)
    const corners = drawCorners(sample, drawFrom(range, random), random)
    return warpOf(sample, args, matrixMap(quadrangleToImage(corners, sample)))
  },
  perform: warp,
})

/** Clockwise from the upper left. */
function drawCorners({ height, width }: Size, scale: number, random: Random): Quadrangle {
  const inward = (): number => Math.abs(random.normal() * scale) % farthest
  const corner = (isRight: boolean, isLower: boolean): readonly [number, number] => {
    const [x, y] = [inward(), inward()]
    return [(isRight ? 1 - x : x) * width, (isLower ? 1 - y : y) * height]
  }
  return [corner(false, false), corner(true, false), corner(true, true), corner(false, true)]
}
