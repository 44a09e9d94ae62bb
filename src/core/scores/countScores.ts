/** Pixels of one class, or of several pooled. */
export interface PixelCounts {
  readonly tp: number
  readonly fp: number
  readonly fn: number
  readonly tn: number
}

/** A score of four counts in 0 … 1; NaN where its denominator is 0. */
export type CountScore = (counts: PixelCounts) => number

const recall: CountScore = ({ tp, fn }) => tp / (tp + fn)
const specificity: CountScore = ({ tn, fp }) => tn / (tn + fp)

/** The scores of segmentation_models_pytorch 0.6.0 (`smp.metrics`), under its names. */
export const countScores = {
  iou_score: ({ tp, fp, fn }) => tp / (tp + fp + fn),
  f1_score: ({ tp, fp, fn }) => (2 * tp) / (2 * tp + fp + fn),
  precision: ({ tp, fp }) => tp / (tp + fp),
  recall,
  specificity,
  accuracy: ({ tp, fp, fn, tn }) => (tp + tn) / (tp + fp + fn + tn),
  balanced_accuracy: (counts) => (recall(counts) + specificity(counts)) / 2,
} satisfies Readonly<Record<string, CountScore>>
