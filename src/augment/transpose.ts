import * as z from 'zod'
import { stridedCopy } from './stridedCopy.ts'
import { defineTransform, probability } from './transform.ts'

export const transpose = defineTransform({
  name: 'Transpose',
  summary: 'Swaps rows and columns.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [{ height: size.width, width: size.height }],
  apply(sample) {
    const { height, width } = sample
    return stridedCopy(sample, { height: width, width: height, start: 0, rowStep: 1, columnStep: width })
  },
})
