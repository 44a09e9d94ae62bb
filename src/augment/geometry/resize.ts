import * as z from 'zod'
import { interpolation } from './resizeArguments.ts'
import { resizeSample } from '../resizeSample.ts'
import { defineTransform, pixels, probability } from '../transform.ts'

export const resize = defineTransform({
  name: 'Resize',
  summary: 'Brings every image to one size; the mask takes the nearest pixel.',
  arguments: z.object({
    height: pixels('Height after resizing in pixels.'),
    width: pixels('Width after resizing in pixels.'),
    interpolation,
    p: probability(1),
  }),
  outputSizes: (_size, { height, width }) => [{ height, width }],
  apply: (sample, args) => resizeSample(sample, args, args.interpolation),
})
