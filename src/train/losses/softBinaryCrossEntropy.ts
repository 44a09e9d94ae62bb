import * as z from 'zod'
import { add, multiply, subtract, total } from '../../graph/elementwise.ts'
import { constant } from '../../graph/sources.ts'
import { size, type Tensor } from '../../graph/tensor.ts'
import { defineLoss } from './loss.ts'
import { scoresIn } from './mode.ts'
import { softplus } from './softplus.ts'

/** SoftBCEWithLogitsLoss of segmentation_models_pytorch 0.6.0 on one-hot labels; its mean counts ignored pixels as zeros. */
export const softBinaryCrossEntropy = defineLoss({
  name: 'SoftBCEWithLogitsLoss',
  summary: 'Binary cross entropy of each class against the rest, averaged over all pixels, ignored ones included.',
  arguments: z.object({
    mode: z
      .enum(['multilabel', 'binary'])
      .default('multilabel')
      .describe(
        'multilabel: each class against the rest. binary (of two classes): the second against the first, as one logit.',
      ),
    pos_weight: z
      .union([z.number().positive(), z.array(z.number().positive())])
      .nullable()
      .default(null)
      .describe('Weight of the pixels of a class against those of the rest; one number, or one for each class.'),
    smooth_factor: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .describe('Targets become smooth_factor and 1 − smooth_factor; null: 0.'),
    reduction: z.enum(['mean', 'sum']).default('mean').describe('Average over all pixels and classes, or their sum.'),
  }),
  build: ({ scores, args }) => {
    const { logits, truth, valid } = scoresIn(args.mode, scores)
    const smoothing = args.smooth_factor ?? 0
    const wrongness = multiply(logits, subtract(1, multiply(truth, 2)))
    const hard = softplus(wrongness)
    // Of the other target the entropy is hard − wrongness, and it weighs as that target does.
    const positive = args.pos_weight === null ? undefined : [args.pos_weight].flat()
    const weigh = (x: Tensor, target: Tensor): Tensor => {
      if (positive === undefined) return x
      const extra = constant(
        target.graph,
        Float32Array.from(positive, (weight) => weight - 1),
        [positive.length],
      )
      return multiply(x, add(multiply(target, extra), 1))
    }
    const entropy =
      smoothing === 0
        ? weigh(hard, truth)
        : add(
            multiply(weigh(hard, truth), 1 - smoothing),
            multiply(weigh(subtract(hard, wrongness), subtract(1, truth)), smoothing),
          )
    const elements = args.reduction === 'mean' ? size(truth.shape) : 1
    return multiply(total(multiply(entropy, valid)), 1 / elements)
  },
})
