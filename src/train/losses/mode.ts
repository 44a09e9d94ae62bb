import * as z from 'zod'
import { exp, multiply, negate, reduceSum } from '../../graph/elementwise.ts'
import { constant } from '../../graph/sources.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { RowScores } from './loss.ts'
import { softplus } from './softplus.ts'

/**
 * The modes of segmentation_models_pytorch, over the classes of a project: of two classes, softmax is the sigmoid of the
 * difference of their logits, so that `binary` is the library's loss on that one logit.
 */
export const lossMode = z
  .enum(['multiclass', 'binary', 'multilabel'])
  .default('multiclass')
  .describe(
    'multiclass: softmax over all classes. multilabel: each class against the rest, by a sigmoid. binary (of two classes): the second against the first, as one logit.',
  )

export type LossMode = z.infer<typeof lossMode>

/** Scores and labels as a mode sees them. */
export function scoresIn(mode: LossMode, scores: RowScores): RowScores {
  if (mode === 'multiclass') return scores
  const { images, valid } = scores
  const isBinary = mode === 'binary'
  const logits = isBinary ? combined(scores.logits, [-1, 1]) : scores.logits
  const truth = isBinary ? combined(scores.truth, [0, 1]) : scores.truth
  return { images, classes: logits.shape[1], logits, truth, valid, probabilities: sigmoid(logits) }
}

/** Σ factor · column, as a column: [P, C] → [P, 1]. */
function combined(rows: Tensor, factors: readonly number[]): Tensor {
  if (rows.shape[1] !== factors.length) throw new Error(`mode binary is of two classes, not of ${rows.shape[1]}`)
  return reduceSum(multiply(rows, constant(rows.graph, Float32Array.from(factors), [factors.length])), [1], true)
}

/** By its logarithm, as the library has it: far from 0 its gradient does not vanish in rounding. */
function sigmoid(x: Tensor): Tensor {
  return exp(negate(softplus(negate(x))))
}
