import { spread } from '../../core/spread.ts'
import type { ValidationScores } from '../../protocol/values.ts'
import { table } from './table.ts'

/** Three digits; a dash for what has no value. */
export function scoreText(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}

/** Three digits with a sign, for differences. */
export function differenceText(value: number | null): string {
  if (value === null) return '–'
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
}

/** `0.712 ± 0.014 (n=3)`: mean and sample standard deviation of scores over runs or folds. */
export function spreadText(values: readonly number[], meanText: (mean: number | null) => string = scoreText): string {
  const { count, mean, deviation } = spread(values)
  if (count === 0) return '– (n=0)'
  return `${meanText(mean)}${deviation === null ? '' : ` ± ${deviation.toFixed(3)}`} (n=${count})`
}

/** The scores of one validation pass over all classes. */
export function overallTable(scores: ValidationScores): string {
  return table(
    ['mIoU', 'Dice', 'pixel accuracy', 'loss'],
    [[scores.mIoU, scores.dice, scores.pixelAccuracy, scores.loss].map(scoreText)],
  )
}
