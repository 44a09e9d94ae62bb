import * as z from 'zod'
import type { Size } from '../sample.ts'
import { borderOf, type BorderValues } from './border.ts'
import type { SourceMap } from './sourceMap.ts'
import type { Warp, WarpInterpolation } from './warp.ts'

/** Argument `interpolation` of transforms that read an image at any place. */
export const warpInterpolation: z.ZodDefault<z.ZodEnum<{ [Each in WarpInterpolation]: Each }>> = z
  .enum(['nearest', 'linear'])
  .default('linear')
  .describe('How the image is read between pixels; the mask takes the nearest one (default linear, which is bilinear).')

/** A number or a list of two, both in `low` … `high`. */
export function numberOrRange(
  low: number,
  high: number,
): z.ZodUnion<readonly [z.ZodNumber, z.ZodTuple<[z.ZodNumber, z.ZodNumber], null>]> {
  const value = z.number().min(low).max(high)
  return z.union([value, z.tuple([value, value])])
}

/** Argument `limit` of transforms that turn an image. */
export const angleLimit = numberOrRange(-360, 360)
  .default([-90, 90])
  .describe('Degrees counter-clockwise, drawn from this range; one number l means −l … l (default [-90, 90]).')

/** A warp that keeps the size of the image. */
export function warpOf(
  { height, width }: Size,
  args: BorderValues & { readonly interpolation: WarpInterpolation },
  map: SourceMap,
): Warp {
  return { map, size: { height, width }, interpolation: args.interpolation, border: borderOf(args) }
}
