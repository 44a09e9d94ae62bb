import { countsOf, mergeCounts, scoresOf, type ClassCounts } from '../core/metrics.ts'
import type { ImageScores } from '../protocol/runFolder.ts'
import type { ValidationScores } from '../protocol/values.ts'

/** Collects losses and one table of tp, fp, fn, tn per image over a validation pass. */
export class ScoreBoard {
  readonly images: ImageScores[] = []
  private lossSum = 0
  private readonly sum: Float64Array
  private readonly classes: readonly string[]

  /** @param classes names, in the order of the network's channels */
  constructor(classes: readonly string[]) {
    this.classes = classes
    this.sum = new Float64Array(classes.length ** 2)
  }

  /** @param confusion [N, C, C] of the batch, rows = truth; images beyond `names` are padding */
  add(names: readonly string[], loss: number, confusion: ArrayLike<number>): void {
    const C = this.classes.length
    this.lossSum += loss * names.length
    names.forEach((image, index) => {
      const cells = Array.from({ length: C * C }, (_, cell) => confusion[index * C * C + cell])
      cells.forEach((pixels, cell) => (this.sum[cell] += pixels))
      const { tp, fp, fn, tn } = countsOf(cells, C)
      this.images.push({ image, tp: [...tp], fp: [...fp], fn: [...fn], tn: [...tn] })
    })
  }

  /** Pixels of all images, rows = truth, columns = prediction, in the order of the classes. */
  get confusion(): number[][] {
    const C = this.classes.length
    return this.classes.map((_, row) => [...this.sum.subarray(row * C, (row + 1) * C)])
  }

  /** Scores of all images together; the loss is the mean over images. */
  get scores(): ValidationScores {
    return { loss: finite(this.lossSum / this.images.length), ...pooledScores(this.images, this.classes) }
  }
}

/** Scores from stored tables. */
export function pooledScores(
  images: readonly ClassCounts[],
  classes: readonly string[],
): Omit<ValidationScores, 'loss'> {
  const { mIoU, dice, pixelAccuracy, perClassIoU } = scoresOf(mergeCounts(images))
  return { mIoU, classes: [...classes], perClassIoU: [...perClassIoU], dice, pixelAccuracy }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
