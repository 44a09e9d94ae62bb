import { mergeCounts, scoresOf, type ClassCounts, type Scores } from '../core/metrics.ts'

/**
 * Scores of predicting the most frequent class everywhere: what a network must beat to have learned anything.
 * @param images counts of each image; at least one with a valid pixel
 */
export function constantPrediction(images: readonly ClassCounts[]): {
  readonly label: number
  readonly scores: Scores
} {
  const { tp, fn, fp, tn } = mergeCounts(images)
  const truth = tp.map((pixels, label) => pixels + fn[label])
  const valid = tp[0] + fp[0] + fn[0] + tn[0]
  const label = truth.indexOf(Math.max(...truth))
  const isLabel = (index: number): boolean => index === label
  const counts: ClassCounts = {
    tp: truth.map((pixels, index) => (isLabel(index) ? pixels : 0)),
    fp: truth.map((pixels, index) => (isLabel(index) ? valid - pixels : 0)),
    fn: truth.map((pixels, index) => (isLabel(index) ? 0 : pixels)),
    tn: truth.map((pixels, index) => (isLabel(index) ? 0 : valid - pixels)),
  }
  return { label, scores: scoresOf(counts) }
}
