import * as z from 'zod'
import { lookUp, levels } from '../pixels/lookUp.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const invertImg = defineDrawnTransform({
  name: 'InvertImg',
  summary: 'Subtracts every value from 255.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [size],
  draw: () => null,
  perform: (sample) =>
    lookUp(
      sample,
      levels((v) => 255 - v),
    ),
})
