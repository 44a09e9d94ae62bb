import * as z from 'zod'
import { borderArguments, borderOf } from '../warp/border.ts'
import { pad, padCorner, padPositions } from '../pad.ts'
import type { Size } from '../sample.ts'
import { defineTransform, probability } from '../transform.ts'

const minimum = z.number().int().min(1).max(65_535).nullable().default(1024)
const divisor = z.number().int().min(1).max(65_535).nullable().default(null)

export const padIfNeeded = defineTransform({
  name: 'PadIfNeeded',
  summary: 'Adds a border to images that are smaller than the given size; larger ones stay as they are.',
  arguments: z
    .object({
      min_height: minimum.describe('Least height in pixels (default 1024); null with pad_height_divisor.'),
      min_width: minimum.describe('Least width in pixels (default 1024); null with pad_width_divisor.'),
      pad_height_divisor: divisor.describe('Pad the height to a multiple of this many pixels; needs min_height null.'),
      pad_width_divisor: divisor.describe('Pad the width to a multiple of this many pixels; needs min_width null.'),
      position: z.enum(padPositions).default('center').describe('Where the image comes to lie (default center).'),
      ...borderArguments('reflect_101'),
      p: probability(1),
    })
    .refine(({ min_height, pad_height_divisor }) => (min_height === null) !== (pad_height_divisor === null), {
      path: ['pad_height_divisor'],
      message: 'exactly one of min_height and pad_height_divisor must be a number; set the other to null',
    })
    .refine(({ min_width, pad_width_divisor }) => (min_width === null) !== (pad_width_divisor === null), {
      path: ['pad_width_divisor'],
      message: 'exactly one of min_width and pad_width_divisor must be a number; set the other to null',
    }),
  outputSizes: (size, args) => [paddedSize(size, args)],
  apply(sample, args, random) {
    const size = paddedSize(sample, args)
    if (size.height === sample.height && size.width === sample.width) return sample
    const corner = padCorner(sample, size, args.position, (n) => random.integer(n))
    return pad(sample, size, corner, borderOf(args))
  },
})

interface PaddedSizeArguments {
  readonly min_height: number | null
  readonly min_width: number | null
  readonly pad_height_divisor: number | null
  readonly pad_width_divisor: number | null
}

function paddedSize({ height, width }: Size, args: PaddedSizeArguments): Size {
  return {
    height: paddedLength(height, args.min_height, args.pad_height_divisor),
    width: paddedLength(width, args.min_width, args.pad_width_divisor),
  }
}

function paddedLength(length: number, least: number | null, multiple: number | null): number {
  return multiple === null ? Math.max(length, least ?? 0) : Math.ceil(length / multiple) * multiple
}
