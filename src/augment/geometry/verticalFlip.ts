import * as z from 'zod'
import { applySymmetry } from '../symmetry.ts'
import { defineTransform, probability } from '../transform.ts'

export const verticalFlip = defineTransform({
  name: 'VerticalFlip',
  summary: 'Mirrors top and bottom.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [size],
  apply: (sample) => applySymmetry(sample, 'v'),
})
