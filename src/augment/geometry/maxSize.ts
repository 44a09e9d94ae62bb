import * as z from 'zod'
import { oneOfList } from '../draw.ts'
import { halfEven } from './halfEven.ts'
import type { Sample, Size } from '../sample.ts'
import { interpolation } from './resizeArguments.ts'
import { resizeSample } from '../resizeSample.ts'
import { defineDrawnTransform, pixels, probability, type DrawnTransform } from '../transform.ts'
import type { Interpolation } from '../taps.ts'

const side = pixels('Pixels.')
const sideOrNone = side.nullable()

/** What LongestMaxSize and SmallestMaxSize have in common: one side comes to a given length, the other follows. */
const maxSizeArguments = z
  .object({
    max_size: z
      .union([side, z.array(side).min(1).max(64)])
      .nullable()
      .default(1024)
      .describe(
        'Length of that side in pixels, or a list of which one is drawn; null with max_size_hw (default 1024).',
      ),
    max_size_hw: z
      .tuple([sideOrNone, sideOrNone])
      .refine(([height, width]) => height !== null || width !== null, 'height and width must not both be null')
      .nullable()
      .default(null)
      .describe('[height, width] limits in pixels, of which one may be null; needs max_size null (default null).'),
    interpolation,
    p: probability(1),
  })
  .refine(({ max_size, max_size_hw }) => (max_size === null) !== (max_size_hw === null), {
    path: ['max_size_hw'],
    message: 'exactly one of max_size and max_size_hw must be given; set the other to null',
  })
type MaxSizeArguments = typeof maxSizeArguments

/** The largest size that one drawn image may reach on its other side. */
const longestSide = 65_535

/** @param pick `Math.max` for the longest side, `Math.min` for the smallest */
export function maxSizeTransform(
  name: string,
  summary: string,
  pick: (a: number, b: number) => number,
): DrawnTransform<MaxSizeArguments, { readonly size: Size; readonly interpolation: Interpolation }> {
  // Both limits hold for the longest side, at least one is reached for the smallest.
  const strictest = pick === Math.max ? Math.min : Math.max
  const sizes = (size: Size, { max_size: sides, max_size_hw: limits }: z.output<MaxSizeArguments>): readonly Size[] => {
    if (limits === null)
      return [sides ?? []].flat().map((length) => scaled(size, length / pick(size.height, size.width)))
    const [height, width] = [
      limits[0] === null ? undefined : limits[0] / size.height,
      limits[1] === null ? undefined : limits[1] / size.width,
    ]
    return [scaled(size, height === undefined || width === undefined ? (height ?? width)! : strictest(height, width))]
  }
  return defineDrawnTransform<MaxSizeArguments, { readonly size: Size; readonly interpolation: Interpolation }>({
    name,
    summary,
    arguments: maxSizeArguments,
    outputSizes: sizes,
    draw: (sample, args, random) => ({
      size: oneOfList(random, sizes(sample, args)),
      interpolation: args.interpolation,
    }),
    perform: (sample: Sample, { size, interpolation }) => resizeSample(sample, size, interpolation),
  })
}

function scaled({ height, width }: Size, factor: number): Size {
  const length = (side: number): number => Math.min(longestSide, Math.max(1, halfEven(side * factor)))
  return { height: length(height), width: length(width) }
}
