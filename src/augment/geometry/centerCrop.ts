import { cropArguments, croppedSize, fittingSample } from './cropAndPad.ts'
import { crop } from '../stridedCopy.ts'
import { defineTransform } from '../transform.ts'

const name = 'CenterCrop'

export const centerCrop = defineTransform({
  name,
  summary: 'Cuts out the middle.',
  arguments: cropArguments,
  outputSizes: (size, args) => [croppedSize(name, size, args)],
  apply(given, args, random) {
    const sample = fittingSample(name, given, args, random)
    return crop(sample, (sample.height - args.height) >> 1, (sample.width - args.width) >> 1, args)
  },
})
