import * as z from 'zod'
import { lookUp } from '../pixels/lookUp.ts'
import { drawFrom, range, upTo } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const randomGamma = defineDrawnTransform({
  name: 'RandomGamma',
  summary: 'Raises gray levels, as shares of 255, to a random power.',
  arguments: z.object({
    gamma_limit: range([80, 120], 1, 1000).describe(
      'The power in percent is drawn from this range; below 100 is brighter; one number g means 1 … g (default [80, 120]).',
    ),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (_sample, { gamma_limit }, random) => drawFrom(upTo(gamma_limit, 1), random) / 100,
  // Truncated, not rounded, as Albumentations does.
  perform: (sample, gamma) =>
    lookUp(
      sample,
      Uint8Array.from({ length: 256 }, (_, v) => Math.floor((v / 255) ** gamma * 255)),
    ),
})
