import { meanOf, type BoundaryMetric } from '../core/boundaries/boundaryMetric.ts'
import type { Batch } from '../data/loader/batchLoader.ts'

export interface BoundaryScore {
  readonly metric: BoundaryMetric
  /** Mean over the classes that have one. */
  readonly value: number | null
  readonly perClass: readonly (number | null)[]
}

/** Collects what metrics of contours measure over a validation pass. */
export class BoundaryBoard {
  private readonly metrics: readonly BoundaryMetric[]
  private readonly classes: number
  /** Of each metric and class, those of the images that have one. */
  private readonly measures: readonly (readonly unknown[][])[]

  constructor(metrics: readonly BoundaryMetric[], classes: number) {
    this.metrics = metrics
    this.classes = classes
    this.measures = metrics.map(() => Array.from({ length: classes }, () => []))
  }

  /** @param labels predicted, [count·H·W] */
  add(
    { target, count, height, width }: Pick<Batch, 'target' | 'count' | 'height' | 'width'>,
    labels: Int32Array,
  ): void {
    const pixels = height * width
    for (let image = 0; image < count; image++) {
      const own = (values: Int32Array): Int32Array => values.subarray(image * pixels, (image + 1) * pixels)
      const pair = { truth: own(target), prediction: own(labels), height, width, classes: this.classes }
      this.metrics.forEach(({ measure }, index) => {
        measure(pair).forEach((value, label) => {
          if (value !== null) this.measures[index][label].push(value)
        })
      })
    }
  }

  get scores(): readonly BoundaryScore[] {
    return this.metrics.map((metric, index) => {
      const perClass = this.measures[index].map(metric.score)
      return { metric, value: meanOf(perClass.filter((value) => value !== null)), perClass }
    })
  }
}
