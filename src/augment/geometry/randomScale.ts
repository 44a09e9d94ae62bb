import * as z from 'zod'
import { symmetricRange } from '../draw.ts'
import { drawFrom, type Range } from '../ranges.ts'
import { interpolation } from './resizeArguments.ts'
import { resizeSample } from '../resizeSample.ts'
import type { Size } from '../sample.ts'
import { defineDrawnTransform, probability } from '../transform.ts'
import { numberOrRange } from '../warp/warpArguments.ts'

/** More sizes than these are told by a selection from the smallest to the largest. */
const sizesTold = 1000

export const randomScale = defineDrawnTransform({
  name: 'RandomScale',
  summary: 'Resizes by a random factor; a crop or Resize must follow, for a batch has one size.',
  arguments: z
    .object({
      scale_limit: numberOrRange(-0.99, 10)
        .default([-0.1, 0.1])
        .describe(
          'The factor is one plus a number of this range; one number l means 1 − l … 1 + l (default [-0.1, 0.1]).',
        ),
      interpolation,
      p: probability(0.5),
    })
    .refine(({ scale_limit: limit }) => symmetricRange(limit)[0] > -1, {
      path: ['scale_limit'],
      message: 'must stay above −1: at −1 nothing of the image is left',
    }),
  outputSizes: (size, { scale_limit }) => sizesOf(size, factors(scale_limit)),
  draw: (sample, args, random) => ({
    size: scaled(sample, drawFrom(factors(args.scale_limit), random)),
    interpolation: args.interpolation,
  }),
  perform: (sample, { size, interpolation }) => resizeSample(sample, size, interpolation),
})

function factors(limit: number | Range): Range {
  const [low, high] = symmetricRange(limit)
  return [1 + low, 1 + high]
}

/** Albumentations truncates. */
function scaled({ height, width }: Size, factor: number): Size {
  return { height: Math.max(1, Math.trunc(height * factor)), width: Math.max(1, Math.trunc(width * factor)) }
}

/** A size begins where a factor makes one of the sides a whole number. */
function sizesOf(size: Size, [low, high]: Range): readonly Size[] {
  const begins = [size.height, size.width].flatMap((side) => {
    const first = Math.floor(side * low) + 1
    const count = Math.max(0, Math.floor(side * high) - first + 1)
    return Array.from({ length: count }, (_, i) => (first + i) / side)
  })
  const all = [low, ...begins.sort((a, b) => a - b), high].map((factor) => scaled(size, factor * (1 + 1e-12)))
  if (all.length <= sizesTold) return all
  return Array.from({ length: sizesTold }, (_, i) => all[Math.round((i * (all.length - 1)) / (sizesTold - 1))])
}
