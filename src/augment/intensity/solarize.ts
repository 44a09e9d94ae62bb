import * as z from 'zod'
import { levels, lookUp } from '../pixels/lookUp.ts'
import { drawFrom, pair } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const solarize = defineDrawnTransform({
  name: 'Solarize',
  summary: 'Inverts the values from a random threshold on.',
  arguments: z.object({
    threshold_range: pair([0.5, 0.5], 0, 1).describe(
      'The threshold, as a share of 255, is drawn from this range (default [0.5, 0.5]).',
    ),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (_sample, { threshold_range }, random) => drawFrom(threshold_range, random) * 255,
  perform: (sample, threshold) =>
    lookUp(
      sample,
      levels((v) => (v >= threshold ? 255 - v : v)),
    ),
})
