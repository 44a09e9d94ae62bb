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
import type { Tensor } from '../../graph/tensor.ts'
import type { RowScores } from './loss.ts'
import { lossMode, scoresIn } from './mode.ts'

/** What every loss on the overlap of prediction and truth can be told. */
export const overlapArguments = {
  mode: lossMode,
  smooth: z.number().min(0).default(0).describe('Added to numerator and denominator.'),
  eps: z.number().positive().default(1e-7).describe('Lower bound of the denominator.'),
  log_loss: z.boolean().default(false).describe('Use −log of the coefficient.'),
  classes: z.array(z.int().min(0)).nullable().default(null).describe('Indices of the classes that count; null: all.'),
  class_weights: z.array(z.number().min(0)).nullable().default(null).describe('Weight of each class in the average.'),
}

type OverlapArguments = z.infer<z.ZodObject<typeof overlapArguments>>

/** Weights of false positives (alpha) and false negatives (beta): ½, ½ is Dice's coefficient, 1, 1 is Jaccard's. */
export interface ErrorWeights {
  readonly alpha: number
  readonly beta: number
}

/**
 * One minus the soft Tversky coefficient I / (I + α·FP + β·FN) of each class over batch and pixels, averaged over classes;
 * absent classes add 0 (definitions 2, segmentation_models_pytorch 0.6.0). [1]
 */
export function overlapLoss(scores: RowScores, args: OverlapArguments, { alpha, beta }: ErrorWeights): Tensor {
  const { probabilities, truth, valid } = scoresIn(args.mode, scores)
  const { smooth, eps, log_loss: isLog } = args
  const predicted = multiply(probabilities, valid)
  const intersection = reduceSum(multiply(predicted, truth), [0])
  const trueSum = reduceSum(truth, [0])
  // I + α·FP + β·FN = α·Σp + β·Σt + (1 − α − β)·I
  const sums = add(multiply(reduceSum(predicted, [0]), alpha), multiply(trueSum, beta))
  const union = alpha + beta === 1 ? sums : add(sums, multiply(intersection, 1 - alpha - beta))
  const score = divide(add(intersection, smooth), maximum(add(union, smooth), eps))
  const loss = isLog ? negate(log(maximum(score, eps))) : subtract(1, score)
  return classAverage(multiply(loss, greater(trueSum, 0)), args)
}

/** Weighted mean of one value per class [C] over the classes that count, as [1]. */
function classAverage(values: Tensor, { classes: chosen, class_weights: weights }: OverlapArguments): Tensor {
  const share = Float32Array.from({ length: values.shape[0] }, (_, index) => {
    const weight = weights?.[index] ?? 1
    return chosen === null || chosen.includes(index) ? weight : 0
  })
  const sum = share.reduce((left, right) => left + right, 0)
  const normalized = share.map((weight) => weight / sum)
  return total(multiply(values, constant(values.graph, normalized, values.shape)))
}
