import * as z from 'zod'
import type { Sample, Size } from './sample.ts'
import { ignoredLabel } from './sample.ts'
import { defineTransform, probability } from './transform.ts'

const minimum = z.number().int().min(1).max(65_535).nullable().default(1024)
const divisor = z.number().int().min(1).max(65_535).nullable().default(null)
const gray = z.number().int().min(0).max(255)

export const padIfNeeded = defineTransform({
  name: 'PadIfNeeded',
  summary: 'Adds a border to images that are smaller than the given size; larger ones stay as they are.',
  arguments: z
    .object({
      min_height: minimum.describe('Least height in pixels (default 1024); null with pad_height_divisor.'),
      min_width: minimum.describe('Least width in pixels (default 1024); null with pad_width_divisor.'),
      pad_height_divisor: divisor.describe('Pad the height to a multiple of this many pixels; needs min_height null.'),
      pad_width_divisor: divisor.describe('Pad the width to a multiple of this many pixels; needs min_width null.'),
      position: z
        .enum(['center', 'top_left', 'top_right', 'bottom_left', 'bottom_right'])
        .default('center')
        .describe('Where the image comes to lie (default center).'),
      border_mode: z
        .enum(['constant', 'reflect_101'])
        .default('constant')
        .describe(
          'How the border is filled: one value, or the image mirrored about its outermost pixels (default constant).',
        ),
      fill: z
        .union([gray, z.tuple([gray, gray, gray])])
        .default(0)
        .describe('Gray level or RGB of a constant border (default 0).'),
      fill_mask: gray
        .default(ignoredLabel)
        .describe('Label of a constant border; 255 is ignored in loss and scores (default 255).'),
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
  apply(sample, args) {
    const { height, width } = paddedSize(sample, args)
    if (height === sample.height && width === sample.width) return sample
    const vertical = height - sample.height
    const horizontal = width - sample.width
    const top = before(vertical, args.position.startsWith('top'), args.position.startsWith('bottom'))
    const left = before(horizontal, args.position.endsWith('left'), args.position.endsWith('right'))
    const rows = sources(height, top, sample.height, args.border_mode)
    const columns = sources(width, left, sample.width, args.border_mode)
    const fill = typeof args.fill === 'number' ? ([args.fill, args.fill, args.fill] as const) : args.fill
    return gather(sample, rows, columns, fill, args.fill_mask)
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

/** Pixels of the border before the image: all after it, all before it, or half of it rounded down. */
function before(border: number, isAtStart: boolean, isAtEnd: boolean): number {
  if (isAtStart) return 0
  return isAtEnd ? border : Math.floor(border / 2)
}

/** For each output row (or column) the source row, or −1 where the fill value goes. */
function sources(length: number, offset: number, sourceLength: number, mode: 'constant' | 'reflect_101'): Int32Array {
  return Int32Array.from({ length }, (_, i) => {
    const source = i - offset
    if (source >= 0 && source < sourceLength) return source
    return mode === 'constant' ? -1 : reflect101(source, sourceLength)
  })
}

/** …2 1 | 0 1 2 … n−1 | n−2…, repeated as often as the border needs (OpenCV BORDER_REFLECT_101). */
function reflect101(index: number, length: number): number {
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const inPeriod = ((index % period) + period) % period
  return inPeriod < length ? inPeriod : period - inPeriod
}

function gather(
  sample: Sample,
  rows: Int32Array,
  columns: Int32Array,
  fill: readonly [number, number, number],
  fillMask: number,
): Sample {
  const height = rows.length
  const width = columns.length
  const image = new Uint8Array(height * width * 3)
  const mask = new Uint8Array(height * width)
  for (let y = 0, to = 0; y < height; y++) {
    const row = rows[y]
    for (let x = 0; x < width; x++, to++) {
      const isBorder = row < 0 || columns[x] < 0
      const from = row * sample.width + columns[x]
      mask[to] = isBorder ? fillMask : sample.mask[from]
      for (let c = 0; c < 3; c++) image[to * 3 + c] = isBorder ? fill[c] : sample.image[from * 3 + c]
    }
  }
  return { image, mask, height, width }
}
