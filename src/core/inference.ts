import * as z from 'zod'
import { defaultInference } from './inferenceSettings.ts'

const windowSide = z.int().min(32).max(8192)

/** How validation and prediction see an image that training saw in crops. */
export const inferenceSchema = z.strictObject({
  window: z
    .union([z.literal('whole'), z.tuple([windowSide, windowSide])])
    .default('whole')
    .describe(
      '"whole" gives the network whole images; [height, width] in pixels slides a window of that size over them, in memory that does not grow with their height.',
    ),
  overlap: z
    .number()
    .min(0)
    .max(0.9)
    .default(defaultInference.overlap)
    .describe('Share of a window that the next one covers again; only with a window.'),
  blend: z
    .enum(['gaussian', 'constant'])
    .default(defaultInference.blend)
    .describe(
      'How softmax values are averaged where windows overlap: gaussian trusts the middle of a window most, constant weighs all pixels alike.',
    ),
})
