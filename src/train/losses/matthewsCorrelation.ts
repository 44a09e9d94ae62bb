import * as z from 'zod'
import { add, divide, greater, maximum, multiply, reduceSum, sqrt, subtract, total } from '../../graph/elementwise.ts'
import { defineLoss } from './loss.ts'

/**
 * MCCLoss of segmentation_models_pytorch 0.6.0 (Abhishek & Hamarneh 2021), which is binary and takes probabilities: here of
 * softmax, each class against the rest, and the mean over the classes that are present. Of two classes both have one
 * coefficient, so that it is the library's loss on the sigmoid of their difference.
 */
export const matthewsCorrelation = defineLoss({
  name: 'MCCLoss',
  summary:
    'One minus the Matthews correlation coefficient of each class against the rest, averaged over present classes.',
  arguments: z.object({
    eps: z.number().positive().default(1e-5).describe('Added to each of the four sums of pixels.'),
  }),
  build: ({ scores: { probabilities, truth, valid }, args: { eps } }) => {
    // The coefficient is the same of shares as of sums, and their product stays within float32.
    const share = divide(1, maximum(total(valid), 1))
    const sum = (x: typeof truth): typeof truth => multiply(add(reduceSum(x, [0]), eps), share)
    const [others, rest] = [subtract(valid, truth), subtract(1, probabilities)]
    const tp = sum(multiply(probabilities, truth))
    const tn = sum(multiply(rest, others))
    const fp = sum(multiply(probabilities, others))
    const fn = sum(multiply(rest, truth))
    const sides = multiply(multiply(add(tp, fp), add(tp, fn)), multiply(add(tn, fp), add(tn, fn)))
    const coefficient = divide(subtract(multiply(tp, tn), multiply(fp, fn)), sqrt(sides))
    const isPresent = greater(reduceSum(truth, [0]), 0)
    return divide(total(multiply(subtract(1, coefficient), isPresent)), maximum(total(isPresent), 1))
  },
})
