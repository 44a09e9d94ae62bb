import * as z from 'zod'
import { stridedCopy } from './stridedCopy.ts'
import { defineTransform, probability } from './transform.ts'

export const verticalFlip = defineTransform({
  name: 'VerticalFlip',
  summary: 'Mirrors top and bottom.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [size],
  apply(sample) {
    const { height, width } = sample
    return stridedCopy(sample, { height, width, start: (height - 1) * width, rowStep: -width, columnStep: 1 })
  },
})
