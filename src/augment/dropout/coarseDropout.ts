import * as z from 'zod'
import { drawFrom, drawInteger, type Range } from '../ranges.ts'
import { cutHoles, holeFill, holeFillMask, type Hole, type Holes } from './holes.ts'
import type { Size } from '../sample.ts'
import { defineDrawnTransform, probability, type Random } from '../transform.ts'

const count = z.int().min(1).max(10_000)
const extent = z
  .number()
  .min(0)
  .max(65_535)
  .refine((value) => value <= 1 || Number.isInteger(value), 'a number above 1 counts pixels and must be whole')
const increasing = ([low, high]: readonly [number, number]): boolean => low <= high
const inOrder = 'the first number must not be larger than the second'
const none = 'default null'

export const coarseDropout = defineDrawnTransform({
  name: 'CoarseDropout',
  summary: 'Cuts random rectangles out of the image.',
  arguments: z
    .object({
      max_holes: count
        .nullable()
        .default(null)
        .describe(`Greatest number of holes, as Albumentations 1.x spells it (${none}).`),
      max_height: extent.nullable().default(null).describe(`Greatest height of a hole, 1.x spelling (${none}).`),
      max_width: extent.nullable().default(null).describe(`Greatest width of a hole, 1.x spelling (${none}).`),
      min_holes: count.nullable().default(null).describe(`Least number of holes; null means max_holes (${none}).`),
      min_height: extent.nullable().default(null).describe(`Least height; null means max_height (${none}).`),
      min_width: extent.nullable().default(null).describe(`Least width; null means max_width (${none}).`),
      num_holes_range: z
        .tuple([count, count])
        .refine(increasing, inOrder)
        .nullable()
        .default(null)
        .describe('Least and greatest number of holes; null where max_holes is given, or for one hole (default null).'),
      hole_height_range: z
        .tuple([extent, extent])
        .refine(increasing, inOrder)
        .nullable()
        .default(null)
        .describe('Least and greatest height of a hole: whole pixels, or below 1 a share of the image; null where max_height is given, or for 8 pixels (default null).'), // prettier-ignore
      hole_width_range: z
        .tuple([extent, extent])
        .refine(increasing, inOrder)
        .nullable()
        .default(null)
        .describe('The same for the width (default null, which is max_width, or 8 pixels).'),
      fill: holeFill,
      fill_mask: holeFillMask,
      p: probability(0.5),
    })
    .check(({ value, issues }) => {
      for (const [range, least, greatest] of spellings) {
        const [given, low, high] = [value[range], value[least], value[greatest]]
        const refuse = (path: string, message: string): void => {
          issues.push({ code: 'custom', path: [path], message, input: value })
        }
        if (low !== null && high === null) refuse(least, `needs ${greatest}`)
        if (given !== null && high !== null) refuse(range, `says the same as ${greatest}: set one of them to null`)
        if (low !== null && high !== null && low > high) refuse(least, `must not be larger than ${greatest}`)
      }
    }),
  outputSizes: (size) => [size],
  draw: (sample, args, random): Holes => {
    const number = drawInteger(rangeOf(args.num_holes_range, args.min_holes, args.max_holes, 1), random)
    const heights = rangeOf(args.hole_height_range, args.min_height, args.max_height, 8)
    const widths = rangeOf(args.hole_width_range, args.min_width, args.max_width, 8)
    const holes = Array.from({ length: number }, () => drawHole(sample, heights, widths, random))
    return { holes, fill: args.fill, fillMask: args.fill_mask, random }
  },
  perform: cutHoles,
})

/** The same in the spelling of 2.x and of 1.x. */
const spellings = [
  ['num_holes_range', 'min_holes', 'max_holes'],
  ['hole_height_range', 'min_height', 'max_height'],
  ['hole_width_range', 'min_width', 'max_width'],
] as const

function rangeOf(range: Range | null, least: number | null, greatest: number | null, otherwise: number): Range {
  if (greatest !== null) return [least ?? greatest, greatest]
  return range ?? [otherwise, otherwise]
}

function drawHole(image: Size, heights: Range, widths: Range, random: Random): Hole {
  const height = drawLength(image.height, heights, random)
  const width = drawLength(image.width, widths, random)
  const top = random.integer(image.height - height + 1)
  return { height, width, top, left: random.integer(image.width - width + 1) }
}

/** Whole pixels, at most `side`, or a share of it. */
function drawLength(side: number, [low, high]: Range, random: Random): number {
  const isShare = high < 1 || (high === 1 && low < 1)
  if (isShare) return Math.trunc(side * drawFrom([low, high], random))
  return drawInteger([Math.min(Math.trunc(low), side), Math.min(high, side)], random)
}
