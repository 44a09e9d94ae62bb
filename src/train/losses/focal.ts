import * as z from 'zod'
import { add, divide, exp, maximum, multiply, reduceSum, subtract, total } from '../../graph/elementwise.ts'
import { defineLoss } from './loss.ts'
import { lossMode, scoresIn } from './mode.ts'
import { softplus } from './softplus.ts'

/** FocalLoss of segmentation_models_pytorch 0.6.0, each class against the rest, by a sigmoid: modes multiclass and multilabel. */
export const focal = defineLoss({
  name: 'FocalLoss',
  summary: 'Binary cross entropy of each class against the rest, where pixels that are already right weigh less.',
  arguments: z.object({
    mode: lossMode,
    alpha: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .describe('Weight of pixels of the class; 1 − alpha of others.'),
    gamma: z.number().min(0).default(2).describe('Power of the error, (1 − p)^gamma, that pixels weigh.'),
    normalized: z.boolean().default(false).describe('Divide each class by the sum of what its pixels weigh.'),
    reduction: z.enum(['mean', 'sum']).default('mean').describe('Average over pixels, or their sum.'),
  }),
  build: ({ scores, args }) => {
    const { logits, truth, valid, classes } = scoresIn(args.mode, scores)
    const { alpha, gamma, normalized: isNormalized, reduction } = args
    const wrongness = multiply(logits, subtract(1, multiply(truth, 2)))
    const entropy = softplus(wrongness)
    // The power of 1 − p from its logarithm: exact for pixels that are nearly right.
    const focus = multiply(exp(multiply(subtract(wrongness, entropy), gamma)), valid)
    const balance = alpha === null ? undefined : add(multiply(truth, 2 * alpha - 1), 1 - alpha)
    const focused = multiply(focus, entropy)
    const perClass = reduceSum(balance ? multiply(focused, balance) : focused, [0])
    const normal = isNormalized ? divide(perClass, maximum(reduceSum(focus, [0]), 1e-6)) : perClass
    const sum = multiply(total(normal), 1 / classes)
    return reduction === 'mean' ? divide(sum, maximum(total(valid), 1)) : sum
  },
})
