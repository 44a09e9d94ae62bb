import * as z from 'zod'
import { mergeCounts, scoresOf, type ClassCounts, type Scores } from '../metrics.ts'
import { defineMetric, type MetricDefinition } from './metric.ts'

// Scores of the pooled counts in which 0/0 is no number: a class without pixels enters no mean.

/** Pixels of the pooled images, by class: in the truth, in the prediction, in both. */
interface Margins {
  readonly truth: readonly number[]
  readonly predicted: readonly number[]
  readonly correct: readonly number[]
  readonly valid: number
}

function marginsOf(images: readonly ClassCounts[]): Margins {
  const { tp, fp, fn } = mergeCounts(images)
  const truth = tp.map((pixels, c) => pixels + fn[c])
  return { truth, predicted: tp.map((pixels, c) => pixels + fp[c]), correct: tp, valid: sum(truth) }
}

function pooledMetric(
  name: string,
  summary: string,
  of: (scores: Scores, margins: Margins) => number | null,
  perClass?: (scores: Scores) => readonly (number | null)[],
): MetricDefinition {
  const scores = (images: readonly ClassCounts[]): Scores => scoresOf(mergeCounts(images))
  return defineMetric({
    name,
    summary,
    arguments: z.object({}),
    of: (images) => of(scores(images), marginsOf(images)),
    ...(perClass === undefined ? {} : { perClass: (images: readonly ClassCounts[]) => perClass(scores(images)) }),
  })
}

export const meanIoU = pooledMetric(
  'mIoU',
  'Mean intersection over union over the classes that occur in the truth or the prediction.',
  ({ mIoU }) => mIoU,
  ({ perClassIoU }) => perClassIoU,
)

export const meanDice = pooledMetric(
  'dice',
  'Mean Dice coefficient over the classes that occur in the truth or the prediction.',
  ({ dice }) => dice,
  ({ perClassDice }) => perClassDice,
)

export const pixelAccuracy = pooledMetric(
  'pixelAccuracy',
  'Share of the pixels whose class is right.',
  ({ pixelAccuracy: share }) => share,
)

export const meanIoUInTruth = pooledMetric(
  'mIoUInTruth',
  'Mean intersection over union over the classes that occur in the truth: one that is only predicted does not enter.',
  ({ perClassIoU }, { truth }) => mean(perClassIoU.filter((_, c) => truth[c] > 0).map(Number)),
)

export const meanClassAccuracy = pooledMetric(
  'meanClassAccuracy',
  'Mean recall over the classes that occur in the truth.',
  ({ perClassRecall }) => mean(perClassRecall.filter((value) => value !== null)),
  ({ perClassRecall }) => perClassRecall,
)

export const frequencyWeightedIoU = pooledMetric(
  'frequencyWeightedIoU',
  'Intersection over union of each class, weighed by its share of the true pixels.',
  ({ perClassIoU }, { truth, valid }) =>
    valid === 0 ? null : sum(perClassIoU.map((value, c) => (truth[c] * (value ?? 0)) / valid)),
)

export const cohenKappa = pooledMetric(
  'cohenKappa',
  "Cohen's kappa (1960): agreement of prediction and truth beyond that of chance; below 0 where chance does better.",
  (_, { truth, predicted, correct, valid }) => {
    const byChance = sum(truth.map((pixels, c) => pixels * predicted[c]))
    return valid ** 2 === byChance ? null : (valid * sum(correct) - byChance) / (valid ** 2 - byChance)
  },
)

function sum(values: readonly number[]): number {
  return values.reduce((left, right) => left + right, 0)
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length
}
