import * as z from 'zod'
import {
  add,
  divide,
  greater,
  log,
  maximum,
  multiply,
  negate,
  reduceSum,
  subtract,
  total,
} from '../../graph/elementwise.ts'
import { constant } from '../../graph/sources.ts'
import { defineLoss } from './loss.ts'

/** DiceLoss of segmentation_models_pytorch 0.6.0, mode multiclass: soft Dice over batch and pixels. */
export const dice = defineLoss({
  name: 'DiceLoss',
  summary: 'One minus the soft Dice coefficient of each class, averaged over classes; absent classes add 0.',
  arguments: z.object({
    smooth: z.number().min(0).default(0).describe('Added to numerator and denominator.'),
    eps: z.number().positive().default(1e-7).describe('Lower bound of the denominator.'),
    log_loss: z.boolean().default(false).describe('Use −log of the coefficient.'),
    classes: z.array(z.int().min(0)).nullable().default(null).describe('Indices of the classes that count; null: all.'),
    class_weights: z.array(z.number().min(0)).nullable().default(null).describe('Weight of each class in the average.'),
  }),
  build: ({ scores: { probabilities, truth, classes }, args }) => {
    const { smooth, eps, log_loss: isLog, classes: chosen, class_weights: weights } = args
    const valid = reduceSum(truth, [1], true)
    const predicted = multiply(probabilities, valid)
    const intersection = reduceSum(multiply(predicted, truth), [0])
    const trueSum = reduceSum(truth, [0])
    // I + ½·FP + ½·FN = ½·(Σp + Σt)
    const union = multiply(add(reduceSum(predicted, [0]), trueSum), 0.5)
    const score = divide(add(intersection, smooth), maximum(add(union, smooth), eps))
    const loss = isLog ? negate(log(maximum(score, eps))) : subtract(1, score)
    const counted = multiply(loss, greater(trueSum, 0))

    const share = Float32Array.from({ length: classes }, (_, index) => {
      const weight = weights?.[index] ?? 1
      return chosen === null || chosen.includes(index) ? weight : 0
    })
    const sum = share.reduce((left, right) => left + right, 0)
    const normalized = constant(
      truth.graph,
      share.map((weight) => weight / sum),
      [classes],
    )
    return total(multiply(counted, normalized))
  },
})
