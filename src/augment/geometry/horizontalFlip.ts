import * as z from 'zod'
import { applySymmetry } from '../symmetry.ts'
import { defineTransform, probability } from '../transform.ts'

export const horizontalFlip = defineTransform({
  name: 'HorizontalFlip',
  summary: 'Mirrors left and right.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [size],
  apply: (sample) => applySymmetry(sample, 'h'),
})
