import { cropArguments, croppedSize, fittingSample } from './cropAndPad.ts'
import { crop } from '../stridedCopy.ts'
import { defineTransform } from '../transform.ts'

const name = 'RandomCrop'

export const randomCrop = defineTransform({
  name,
  summary: 'Cuts out a part of fixed size at a random place.',
  arguments: cropArguments,
  outputSizes: (size, args) => [croppedSize(name, size, args)],
  apply(given, args, random) {
    const sample = fittingSample(name, given, args, random)
    const top = random.integer(sample.height - args.height + 1)
    const left = random.integer(sample.width - args.width + 1)
    return crop(sample, top, left, args)
  },
})
