import * as z from 'zod'
import {
  activation,
  add,
  divide,
  greater,
  maximum,
  multiply,
  reduceSum,
  reshape,
  subtract,
  total,
} from '../../graph/elementwise.ts'
import { transpose } from '../../graph/matrices.ts'
import { cumulateDescending } from '../../graph/pixels.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { defineLoss, type RowScores } from './loss.ts'
import { lossMode, scoresIn } from './mode.ts'

/**
 * LovaszLoss of segmentation_models_pytorch 0.6.0 (Berman 2018). multiclass: of softmax, the mean over classes that are present;
 * binary and multilabel: of the hinge of the logits, all of them as one class.
 */
export const lovasz = defineLoss({
  name: 'LovaszLoss',
  summary: 'Extension of one minus intersection over union to probabilities: errors, sorted, weigh what they cost it.',
  arguments: z.object({
    mode: lossMode,
    per_image: z
      .boolean()
      .default(false)
      .describe('Each image by itself, then their mean; images without a pixel that counts are left out.'),
  }),
  build: ({ scores, args }) => {
    const groups = args.per_image ? scores.images : 1
    return args.mode === 'multiclass' ? ofSoftmax(scores, groups) : ofHinge(scoresIn(args.mode, scores), groups)
  },
})

/** @param groups images that are scored by themselves, or 1 */
function ofSoftmax({ probabilities, truth, valid, classes }: RowScores, groups: number): Tensor {
  const pixels = truth.shape[0] / groups
  /** [P, C] → [groups · C, pixels]. */
  const rows = (x: Tensor): Tensor =>
    reshape(transpose(reshape(x, [groups, pixels, classes]), [0, 2, 1]), [groups * classes, pixels])

  // |t − p| of a hard t, 0 where ignored.
  const errors = multiply(add(truth, multiply(probabilities, subtract(1, multiply(truth, 2)))), valid)
  // Ignored pixels come after all others.
  const keys = rows(subtract(errors, subtract(1, valid)))
  const costs = jaccardCosts(keys, rows(truth), rows(subtract(valid, truth)))
  const perClass = reshape(reduceSum(multiply(rows(errors), costs), [1]), [groups, classes])

  const isPresent = greater(reshape(reduceSum(rows(truth), [1]), [groups, classes]), 0)
  const present = reduceSum(isPresent, [1])
  const perGroup = divide(reduceSum(multiply(perClass, isPresent), [1]), maximum(present, 1))
  return divide(total(perGroup), maximum(total(greater(present, 0)), 1))
}

/** Groups without a pixel that counts are left out of the mean. */
function ofHinge({ logits, truth, valid, classes }: RowScores, groups: number): Tensor {
  const rows = (x: Tensor): Tensor => reshape(x, [groups, (truth.shape[0] / groups) * classes])
  const errors = subtract(1, multiply(logits, subtract(multiply(truth, 2), 1)))
  // Ignored pixels cost nothing, wherever they come.
  const costs = jaccardCosts(rows(errors), rows(truth), rows(subtract(valid, truth)))
  const counting = greater(reduceSum(reshape(valid, [groups, truth.shape[0] / groups]), [1]), 0)
  return divide(total(multiply(activation('relu', rows(errors)), costs)), maximum(total(counting), 1))
}

/**
 * What each pixel adds to the Jaccard loss 1 − I/U when pixels are got wrong in descending order of their keys; constants of
 * the graph. The difference of two such losses by its formula, for with a million pixels their subtraction is all rounding.
 * @param truth 1 where the pixel is of the class  @param others 1 where it is of another; all [R, P]
 */
function jaccardCosts(keys: Tensor, truth: Tensor, others: Tensor): Tensor {
  const size = reduceSum(truth, [1], true)
  const intersection = subtract(size, cumulateDescending(keys, truth))
  const union = maximum(add(size, cumulateDescending(keys, others)), 1)
  // A pixel of the class takes 1 from I: 1/U. Another adds 1 to U: I/(U − 1) − I/U, and 1 where it is the first of U.
  const before = divide(intersection, maximum(subtract(union, 1), 1))
  const ofOthers = multiply(others, add(before, subtract(1, greater(union, 1))))
  return divide(add(truth, ofOthers), union)
}
