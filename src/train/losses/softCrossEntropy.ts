import * as z from 'zod'
import { add, multiply, total } from '../../graph/elementwise.ts'
import { defineLoss } from './loss.ts'

/** SoftCrossEntropyLoss of segmentation_models_pytorch 0.6.0, whose mean counts ignored pixels as zeros. */
export const softCrossEntropy = defineLoss({
  name: 'SoftCrossEntropyLoss',
  summary: 'Negative log-likelihood with label smoothing, averaged over all pixels, ignored ones included.',
  arguments: z.object({
    smooth_factor: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .describe('Share of the target spread evenly over all classes; null: 0.'),
    reduction: z.enum(['mean', 'sum']).default('mean').describe('Average over all pixels, or their sum.'),
  }),
  build: ({ scores: { logProbabilities, truth, valid, classes }, args }) => {
    const smoothing = args.smooth_factor ?? 0
    const target = smoothing === 0 ? truth : add(multiply(truth, 1 - smoothing), multiply(valid, smoothing / classes))
    const pixels = args.reduction === 'mean' ? truth.shape[0] : 1
    return multiply(total(multiply(target, logProbabilities)), -1 / pixels)
  },
})
