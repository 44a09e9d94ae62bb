import * as z from 'zod'
import { cropSize } from './cropSize.ts'
import { crop } from './stridedCopy.ts'
import { defineTransform, pixels, probability } from './transform.ts'

export const randomCrop = defineTransform({
  name: 'RandomCrop',
  summary: 'Cuts out a part of fixed size at a random place.',
  arguments: z.object({
    height: pixels('Height of the crop in pixels.'),
    width: pixels('Width of the crop in pixels.'),
    p: probability(1),
  }),
  outputSizes: (size, args) => [cropSize('RandomCrop', size, args)],
  apply(sample, args, random) {
    const size = cropSize('RandomCrop', sample, args)
    const top = random.integer(sample.height - size.height + 1)
    const left = random.integer(sample.width - size.width + 1)
    return crop(sample, top, left, size)
  },
})
