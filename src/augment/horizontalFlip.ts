import * as z from 'zod'
import { stridedCopy } from './stridedCopy.ts'
import { defineTransform, probability } from './transform.ts'

export const horizontalFlip = defineTransform({
  name: 'HorizontalFlip',
  summary: 'Mirrors left and right.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [size],
  apply(sample) {
    const { height, width } = sample
    return stridedCopy(sample, { height, width, start: width - 1, rowStep: width, columnStep: -1 })
  },
})
