import * as z from 'zod'
import { throughJpeg } from '../pixels/jpeg/jpeg.ts'
import { drawInteger } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

const quality = z.number().int().min(1).max(100)

export const imageCompression = defineDrawnTransform({
  name: 'ImageCompression',
  summary: 'What is left after the image was written as JPEG: the pixels that libjpeg-turbo gives.',
  arguments: z.object({
    compression_type: z.enum(['jpeg']).default('jpeg').describe('Only jpeg (default jpeg).'),
    quality_range: z
      .tuple([quality, quality])
      .default([99, 100])
      .describe('Quality 1 … 100 is drawn from this range; lower loses more (default [99, 100]).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (_sample, { quality_range }, random) => drawInteger(quality_range, random),
  // Albumentations hands RGB to an encoder that expects BGR; ours is the JPEG of the image as it is.
  perform: (sample, drawn) => ({ ...sample, image: throughJpeg(sample, drawn) }),
})
