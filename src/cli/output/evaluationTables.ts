import type { Scores } from '../../core/metrics.ts'
import type { MetricScore } from '../evaluationMetrics.ts'
import { scoreText } from './scores.ts'
import { table } from './table.ts'

/** The scores that were asked for, and how they were reduced. */
export function metricTable(metrics: readonly MetricScore[]): string {
  const rows = metrics.map(({ name, value, unit, reduction, zeroDivision }) => [
    name,
    reduction === undefined
      ? unit === undefined
        ? ''
        : 'pixels, at the size of validation'
      : `${reduction}, 0/0 is ${zeroDivision}`,
    scoreText(value),
  ])
  return table(['metric', '', 'score'], rows)
}

/** Scores of each class: the usual ones, then those that were asked for. */
export function classTable(classes: readonly string[], scores: Scores, metrics: readonly MetricScore[]): string {
  const { perClassIoU, perClassDice, perClassPrecision, perClassRecall } = scores
  const usual = [perClassIoU, perClassDice, perClassPrecision, perClassRecall]
  const others = metrics.flatMap(({ name, perClass }) =>
    perClass === undefined || sameAsUsual.includes(name) ? [] : [{ name, perClass }],
  )
  const columns = [...usual, ...others.map(({ perClass }) => perClass)]
  const header = ['class', 'IoU', 'Dice', 'precision', 'recall', ...others.map(({ name }) => name)]
  return table(
    header,
    classes.map((label, index) => [label, ...columns.map((column) => scoreText(column[index]))]),
  )
}

/** Metrics whose scores of a class stand in the table anyway. */
const sameAsUsual = ['mIoU', 'dice', 'iou_score', 'f1_score', 'precision', 'recall', 'meanClassAccuracy']
