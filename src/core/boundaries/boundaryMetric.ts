import type { LabelPair } from './classMasks.ts'

/** A score of contours: measured on the predictions themselves, image by image and class by class. */
export interface BoundaryMetric<Measure = unknown> {
  readonly name: string
  readonly summary: string
  readonly unit: 'fraction' | 'pixels'
  /** What one image gives for each class; null where it has nothing to say of the class. */
  readonly measure: (pair: LabelPair) => readonly (Measure | null)[]
  /** Score of one class from its measures over all images; null where it is not defined. */
  readonly score: (measures: readonly Measure[]) => number | null
}

/** A list of metrics only hands their measures from `measure` to `score`, whatever they are. */
export function defineBoundaryMetric<Measure>(metric: BoundaryMetric<Measure>): BoundaryMetric {
  return metric as BoundaryMetric
}

/** null of none. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((left, right) => left + right, 0) / values.length
}
