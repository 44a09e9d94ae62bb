import * as z from 'zod'
import { cropSize } from './cropSize.ts'
import { crop } from './stridedCopy.ts'
import { defineTransform, pixels, probability } from './transform.ts'

export const centerCrop = defineTransform({
  name: 'CenterCrop',
  summary: 'Cuts out the middle.',
  arguments: z.object({
    height: pixels('Height of the crop in pixels.'),
    width: pixels('Width of the crop in pixels.'),
    p: probability(1),
  }),
  outputSizes: (size, args) => [cropSize('CenterCrop', size, args)],
  apply(sample, args) {
    const size = cropSize('CenterCrop', sample, args)
    const top = Math.floor((sample.height - size.height) / 2)
    const left = Math.floor((sample.width - size.width) / 2)
    return crop(sample, top, left, size)
  },
})
