import * as z from 'zod'
import {
  add,
  divide,
  exp,
  greater,
  maximum,
  minimum,
  multiply,
  negate,
  reduceSum,
  subtract,
  total,
} from '../../graph/elementwise.ts'
import { scalar } from '../../graph/sources.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { defineLoss } from './loss.ts'

/** Online hard example mining (Shrivastava 2016) on pixels, by definitions 2.2; the selection has no gradient. */
export const ohemCrossEntropy = defineLoss({
  name: 'OhemCrossEntropyLoss',
  summary: 'Cross entropy of the hard pixels alone: those whose true class has a probability below the threshold.',
  arguments: z.object({
    thresh: z.number().min(0).max(1).default(0.7).describe('Pixels with a probability below it are hard.'),
    min_kept: z
      .int()
      .min(0)
      .default(100000)
      .describe('The threshold rises until this many pixels of a batch are hard.'),
  }),
  build: ({ scores: { logProbabilities, truth, valid }, args: { thresh, min_kept } }) => {
    const likelihood = reduceSum(multiply(truth, logProbabilities), [1], true)
    // Ignored pixels lie above every threshold.
    const probability = add(exp(likelihood), multiply(subtract(1, valid), 2))
    const allowed = minimum(subtract(total(valid), 1), min_kept)
    const hard = greater(hardThreshold(probability, allowed, thresh), probability)
    return negate(divide(total(multiply(hard, likelihood)), maximum(total(hard), 1)))
  },
})

/**
 * The largest of `lowest` … 1 that has no more than `allowed` [1] of `values` [P, 1] below it, or `lowest` where that has
 * more: max(lowest, the value of rank `allowed`). By bisection, which needs no sorting: after so many halvings the interval
 * is narrower than what float32 tells apart from ½ upwards.
 */
function hardThreshold(values: Tensor, allowed: Tensor, lowest: number): Tensor {
  const halvings = 25
  let low = scalar(values.graph, lowest)
  let high = scalar(values.graph, 1.25)
  for (let step = 0; step < halvings; step++) {
    const middle = multiply(add(low, high), 0.5)
    const isAbove = greater(total(greater(middle, values)), allowed)
    // Only comparisons move the ends: arithmetic would round them.
    low = maximum(low, multiply(middle, subtract(1, isAbove)))
    high = minimum(high, add(middle, multiply(subtract(1, isAbove), 2)))
  }
  return low
}
