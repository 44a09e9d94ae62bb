import * as z from 'zod'
import { applySymmetry } from '../symmetry.ts'
import { defineTransform, probability } from '../transform.ts'

export const transpose = defineTransform({
  name: 'Transpose',
  summary: 'Swaps rows and columns.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [{ height: size.width, width: size.height }],
  apply: (sample) => applySymmetry(sample, 't'),
})
