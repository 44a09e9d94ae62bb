import * as z from 'zod'
import { multiply, reduceSum, subtract, total } from '../../graph/elementwise.ts'
import { size } from '../../graph/tensor.ts'
import { defineLoss } from './loss.ts'
import { softplus } from './softplus.ts'

/** SoftBCEWithLogitsLoss of segmentation_models_pytorch 0.6.0 on one-hot labels; its mean counts ignored pixels as zeros. */
export const softBinaryCrossEntropy = defineLoss({
  name: 'SoftBCEWithLogitsLoss',
  summary: 'Binary cross entropy of each class against the rest, averaged over all pixels, ignored ones included.',
  arguments: z.object({
    smooth_factor: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .describe('Targets become smooth_factor and 1 − smooth_factor; null: 0.'),
    reduction: z.enum(['mean', 'sum']).default('mean').describe('Average over all pixels and classes, or their sum.'),
  }),
  build: ({ scores: { logits, truth }, args }) => {
    const smoothing = args.smooth_factor ?? 0
    const wrongness = multiply(logits, subtract(1, multiply(truth, 2)))
    const hard = softplus(wrongness)
    const entropy = smoothing === 0 ? hard : subtract(hard, multiply(wrongness, smoothing))
    const valid = reduceSum(truth, [1], true)
    const elements = args.reduction === 'mean' ? size(truth.shape) : 1
    return multiply(total(multiply(entropy, valid)), 1 / elements)
  },
})
