import * as z from 'zod'
import { add, divide, greater, maximum, multiply, negate, total } from '../../graph/elementwise.ts'
import { constant } from '../../graph/sources.ts'
import { defineLoss } from './loss.ts'

/** torch.nn.CrossEntropyLoss (2.15) on class indices: −Σ w_y log p_y / Σ w_y over pixels that are not ignored. */
export const crossEntropy = defineLoss({
  name: 'CrossEntropyLoss',
  summary: 'Negative log-likelihood of the true class, averaged over pixels that are not ignored.',
  arguments: z.object({
    class_weights: z
      .union([z.array(z.number().min(0)), z.literal('balanced')])
      .nullable()
      .default(null)
      .describe('Weight of each class, in the order of the classes; "balanced" is n / (C · pixels of the class).'),
    label_smoothing: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('Share of the target spread evenly over all classes.'),
    reduction: z.enum(['mean', 'sum']).default('mean').describe('Average over pixels, or their sum.'),
  }),
  build: ({ scores: { logProbabilities, truth, valid, classes }, args }) => {
    const { graph } = truth
    const { class_weights: weights, label_smoothing: smoothing, reduction } = args
    if (weights === 'balanced') throw new Error('balanced class weights are resolved before the graph is built')
    const perClass = weights && constant(graph, Float32Array.from(weights), [classes])
    const weighted = perClass ? multiply(truth, perClass) : truth
    const trueClass = total(multiply(weighted, logProbabilities))
    const pixels = total(weighted)
    // Pixels that all weigh nothing count as ignored: smoothing alone would be divided by 0.
    const average = (sum: typeof trueClass) =>
      reduction === 'mean' ? divide(multiply(sum, greater(pixels, 0)), maximum(pixels, 1e-20)) : sum
    const likelihood = negate(average(trueClass))
    if (smoothing === 0) return likelihood

    const everyClass = perClass ? multiply(logProbabilities, perClass) : logProbabilities
    const spread = negate(average(total(multiply(everyClass, valid))))
    return add(multiply(likelihood, 1 - smoothing), multiply(spread, smoothing / classes))
  },
})
