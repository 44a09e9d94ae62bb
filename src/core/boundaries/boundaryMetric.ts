import type { LabelPair } from './classMasks.ts'

/** A score of contours: measured on the predictions themselves, image by image and class by class. */
export interface BoundaryMetric<Measure> {
  readonly name: string
  readonly summary: string
  readonly unit: 'fraction' | 'pixels'
  /** What one image gives for each class; null where it has nothing to say of the class. */
  measure(pair: LabelPair): readonly (Measure | null)[]
  /** Score of one class from its measures over all images; null where it is not defined. */
  score(measures: readonly Measure[]): number | null
}

/** Fixes the type of a measure: a list of metrics only hands it from `measure` to `score`. */
export function defineBoundaryMetric<Measure>(metric: BoundaryMetric<Measure>): BoundaryMetric<unknown> {
  return metric as BoundaryMetric<unknown>
}
