import * as z from 'zod'
import { borderArguments } from '../warp/border.ts'
import { fixedOrRange, oneOfList } from '../draw.ts'
import { drawFrom, drawInteger, type Range } from '../ranges.ts'
import { affineMatrix, type AffineParts } from '../warp/matrix.ts'
import type { Size } from '../sample.ts'
import { matrixMap } from '../warp/sourceMap.ts'
import { defineDrawnTransform, probability, type Random } from '../transform.ts'
import { warp, type Warp } from '../warp/warp.ts'
import { numberOrRange, warpInterpolation, warpOf } from '../warp/warpArguments.ts'

/** A value or range for both axes, or one for each; an axis that is left out keeps `neutral`. */
function perAxis<Value extends z.ZodType>(
  value: Value,
): z.ZodUnion<[Value, z.ZodObject<{ x: z.ZodOptional<Value>; y: z.ZodOptional<Value> }>]> {
  const axis = (name: string): z.ZodOptional<Value> => value.optional().describe(`Of the ${name} axis.`)
  return z.union([value, z.strictObject({ x: axis('horizontal'), y: axis('vertical') })])
}
const wholePixels = z.int().min(-65_535).max(65_535)

export const affine = defineDrawnTransform({
  name: 'Affine',
  summary: 'Scales, turns, shears and shifts at once, about the centre.',
  arguments: z
    .object({
      scale: perAxis(numberOrRange(0.01, 100))
        .default(1)
        .describe(
          'Factor of size, drawn from a range, for each axis on its own, or {x, y}; one number is that factor (default 1).',
        ),
      translate_percent: perAxis(numberOrRange(-1, 1))
        .nullable()
        .default(null)
        .describe('Shift as a share of width and height (0.1 is a tenth), a range or {x, y} (default null).'),
      translate_px: perAxis(z.union([wholePixels, z.tuple([wholePixels, wholePixels])]))
        .nullable()
        .default(null)
        .describe('Shift in whole pixels, a range or {x, y}; not together with translate_percent (default null).'),
      rotate: numberOrRange(-360, 360)
        .default(0)
        .describe('Degrees counter-clockwise, drawn from a range; one number is that angle (default 0).'),
      shear: perAxis(numberOrRange(-80, 80))
        .default(0)
        .describe('Degrees of shear, drawn from a range, for each axis on its own, or {x, y} (default 0).'),
      interpolation: warpInterpolation,
      keep_ratio: z.boolean().default(false).describe('Both axes take the factor drawn for x (default false).'),
      balanced_scale: z
        .boolean()
        .default(false)
        .describe('Shrink and enlarge equally often where scale allows both (default false).'),
      ...borderArguments('constant'),
      p: probability(0.5),
    })
    .refine(({ translate_percent, translate_px }) => translate_percent === null || translate_px === null, {
      path: ['translate_px'],
      message: 'only one of translate_percent and translate_px may be given; set the other to null',
    }),
  outputSizes: (size) => [size],
  draw: (sample, args, random): Warp => {
    const parts: AffineParts = {
      translate: drawTranslation(args, sample, random),
      shear: drawShear(args.shear, random),
      scale: drawScale(args, random),
      rotate: drawFrom(fixedOrRange(args.rotate), random),
    }
    return warpOf(sample, args, matrixMap(affineMatrix(parts, sample)))
  },
  perform: warp,
})

type Axes = number | Range | { readonly x?: number | Range | undefined; readonly y?: number | Range | undefined }
interface Point {
  readonly x: number
  readonly y: number
}

function rangesOf(value: Axes, neutral: number): { readonly x: Range; readonly y: Range } {
  if (typeof value === 'number' || value instanceof Array) return { x: fixedOrRange(value), y: fixedOrRange(value) }
  return { x: fixedOrRange(value.x ?? neutral), y: fixedOrRange(value.y ?? neutral) }
}

function drawTranslation(
  { translate_percent: share, translate_px: pixels }: { translate_percent: Axes | null; translate_px: Axes | null },
  { height, width }: Size,
  random: Random,
): Point {
  if (share !== null) {
    const { x, y } = rangesOf(share, 0)
    return { x: Math.trunc(drawFrom(x, random) * width), y: Math.trunc(drawFrom(y, random) * height) }
  }
  const { x, y } = rangesOf(pixels ?? 0, 0)
  return { x: drawInteger(x, random), y: drawInteger(y, random) }
}

/** Albumentations turns the sign around. */
function drawShear(value: Axes, random: Random): Point {
  const { x, y } = rangesOf(value, 0)
  return { x: -drawFrom(x, random), y: -drawFrom(y, random) }
}

function drawScale(
  { scale, keep_ratio, balanced_scale }: { scale: Axes; keep_ratio: boolean; balanced_scale: boolean },
  random: Random,
): Point {
  const ranges = rangesOf(scale, 1)
  const draw = (range: Range): number => drawFrom(balanced_scale ? oneOfList(random, sidesOfOne(range)) : range, random)
  const x = draw(ranges.x)
  return { x, y: keep_ratio ? x : draw(ranges.y) }
}

/** The parts of a range of factors that shrink and that enlarge. */
function sidesOfOne([low, high]: Range): readonly Range[] {
  const sides: Range[] = []
  if (low < 1) sides.push([low, 1])
  if (high > 1) sides.push([1, high])
  return sides.length === 0 ? [[1, 1]] : sides
}
