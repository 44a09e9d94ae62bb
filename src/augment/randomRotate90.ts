import * as z from 'zod'
import type { Sample } from './sample.ts'
import { stridedCopy } from './stridedCopy.ts'
import { defineTransform, probability } from './transform.ts'

export const randomRotate90 = defineTransform({
  name: 'RandomRotate90',
  summary: 'Turns by 0, 90, 180 or 270 degrees counter-clockwise, each equally likely.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [size, { height: size.width, width: size.height }],
  apply: (sample, _args, random) => rotate90(sample, random.integer(4)),
})

/** `turns` quarter turns counter-clockwise, as numpy.rot90. */
function rotate90(sample: Sample, turns: number): Sample {
  const { height, width } = sample
  const turned = { height: width, width: height }
  switch (turns) {
    case 0:
      return sample
    case 1:
      return stridedCopy(sample, { ...turned, start: width - 1, rowStep: -1, columnStep: width })
    case 2:
      return stridedCopy(sample, { height, width, start: height * width - 1, rowStep: -width, columnStep: -1 })
    default:
      return stridedCopy(sample, { ...turned, start: (height - 1) * width, rowStep: 1, columnStep: -width })
  }
}
