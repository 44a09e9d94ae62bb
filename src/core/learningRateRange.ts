/** One step of a learning-rate range test (Smith 2017). */
export interface RangeStep {
  readonly lr: number
  readonly loss: number
  /** Exponential average of the losses so far, without the weight of its start. */
  readonly smoothed: number
}

/** As fastai's lr_find: how much of the average a step keeps, and how far above its best the loss has diverged. */
const kept = 0.98
const divergedFactor = 4
/** As there: the first tenth of the steps and the last five say nothing about a slope. */
const skippedShare = 0.1
const skippedLast = 5

/** Learning rate of a step: from `first` to `last`, each by the same factor above the one before. @param step from 0 */
export function rateOfStep(step: number, steps: number, first: number, last: number): number {
  return first * (last / first) ** (step / Math.max(1, steps - 1))
}

/** The range so far with one more loss. */
export function withStep(range: readonly RangeStep[], lr: number, loss: number): readonly RangeStep[] {
  const before = range.at(-1)
  const sum = (before === undefined ? 0 : before.smoothed * (1 - kept ** range.length)) * kept + (1 - kept) * loss
  return [...range, { lr, loss, smoothed: sum / (1 - kept ** (range.length + 1)) }]
}

/** Whether to go on makes no sense: the loss is not finite, or its average four times its best. */
export function hasDiverged(range: readonly RangeStep[]): boolean {
  const last = range.at(-1)
  if (last === undefined) return false
  const best = range.reduce((least, { smoothed }) => Math.min(least, smoothed), Infinity)
  return !Number.isFinite(last.loss) || last.smoothed > divergedFactor * best
}

/**
 * The rate at which the averaged loss falls steepest over the logarithm of the rate (fastai's `steep`).
 * @param steps that were planned: their first tenth is left out
 * @returns undefined where it falls nowhere, or there are too few steps to tell
 */
export function steepestRate(range: readonly RangeStep[], steps: number): number | undefined {
  const judged = range.slice(Math.floor(steps * skippedShare), -skippedLast)
  let [steepest, found] = [0, undefined as number | undefined]
  for (const [index, { lr, smoothed }] of judged.entries()) {
    const next = judged.at(index + 1)
    if (next === undefined) break
    const slope = (next.smoothed - smoothed) / Math.log(next.lr / lr)
    if (slope < steepest) [steepest, found] = [slope, lr]
  }
  return found
}
