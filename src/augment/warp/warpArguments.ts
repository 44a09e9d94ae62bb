import * as z from 'zod'
import type { WarpInterpolation } from './warp.ts'

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
