import { UserError } from '../core/errors.ts'

/**
 * Dynamic loss scaling, as torch.amp.GradScaler (2.14.1) with its defaults: gradients are computed of loss · scale, so that small
 * ones do not vanish in half precision, and divided by it before anything reads them. A step whose gradients are not finite
 * is left out and halves the scale; after 2000 good ones in a row it doubles.
 */
export interface LossScale {
  readonly scale: number
  /** Good steps since the scale last changed. */
  readonly goodSteps: number
  /** Steps left out since the start of the run. */
  readonly skippedSteps: number
}

const initialScale = 65536
const growthFactor = 2
const backoffFactor = 0.5
const growthInterval = 2000
/** fairseq's (0.12) smallest: 30 halvings in a row are no accident of one batch. */
const smallestScale = 1e-4

export const initialLossScale: LossScale = { scale: initialScale, goodSteps: 0, skippedSteps: 0 }

/** @throws UserError where no scale makes the gradients finite */
export function nextLossScale({ scale, goodSteps, skippedSteps }: LossScale, isFinite: boolean): LossScale {
  if (!isFinite) {
    const smaller = scale * backoffFactor
    if (smaller < smallestScale) throw hopeless(scale)
    return { scale: smaller, goodSteps: 0, skippedSteps: skippedSteps + 1 }
  }
  if (goodSteps + 1 < growthInterval) return { scale, goodSteps: goodSteps + 1, skippedSteps }
  const larger = scale * growthFactor
  // Not past what a float32 holds.
  return { scale: Number.isFinite(Math.fround(larger)) ? larger : scale, goodSteps: 0, skippedSteps }
}

/**
 * As a vector of a checkpoint: doublings of the initial scale, good steps, skipped steps. Zeros are a fresh state, as in every
 * slot of an optimizer.
 */
export function storedLossScale({ scale, goodSteps, skippedSteps }: LossScale): Float32Array {
  return Float32Array.of(Math.log2(scale / initialScale), goodSteps, skippedSteps)
}

export function loadedLossScale([doublings, goodSteps, skippedSteps]: Iterable<number> & ArrayLike<number>): LossScale {
  return { scale: initialScale * 2 ** doublings, goodSteps, skippedSteps }
}

function hopeless(scale: number): UserError {
  return new UserError(`The gradients stay infinite or NaN however small the loss scale (${scale}).`, {
    code: 'nan-gradient',
    value: 'train.precision "fp16"',
    hint: 'Train with train.precision "fp32"; if they are not finite there either, lower the learning rate or look at the losses. The checkpoints are those of the last whole epoch.',
  })
}
