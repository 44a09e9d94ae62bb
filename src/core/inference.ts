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
  tta: z
    .enum(['none', 'hflip', 'hvflip', 'd4'])
    .default(defaultInference.tta)
    .describe(
      'Test-time augmentation: views whose softmax is turned back and averaged: hflip adds the mirrored image, hvflip also upside down and both, d4 all eight symmetries of the square. Each view costs a forward pass.',
    ),
  tta_scales: z
    .array(z.number().min(0.25).max(4))
    .min(1)
    .max(8)
    .default([...defaultInference.tta_scales])
    .describe(
      'Scales at which every view is predicted, e.g. [0.75, 1, 1.25]: sides of ⌊side · scale⌋ pixels, bilinear both ways. The network must take those sizes.',
    ),
})
