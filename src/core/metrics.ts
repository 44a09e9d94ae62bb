/**
 * Counts of pixels per class over one image or many; entry c belongs to class c. Ignored pixels are in none of them,
 * so tp + fp + fn + tn is the number of valid pixels for every class.
 */
export interface ClassCounts {
  readonly tp: readonly number[]
  readonly fp: readonly number[]
  readonly fn: readonly number[]
  readonly tn: readonly number[]
}

/** Scores of pooled counts in 0 … 1; null where the denominator is zero (an absent class has no score, neither 0 nor 1). */
export interface Scores {
  /** Mean IoU over the classes with tp + fp + fn > 0: absent from the truth but predicted enters with 0. */
  readonly mIoU: number | null
  /** Mean Dice over the same classes. */
  readonly dice: number | null
  /** How many classes entered the two means. */
  readonly classesWithUnion: number
  /** Σ tp / valid pixels. */
  readonly pixelAccuracy: number | null
  readonly validPixels: number
  readonly perClassIoU: readonly (number | null)[]
  readonly perClassDice: readonly (number | null)[]
  readonly perClassPrecision: readonly (number | null)[]
  readonly perClassRecall: readonly (number | null)[]
}

/**
 * Confusion matrix of one image, [C·C], rows = truth. Pixels whose truth is `ignoreIndex` are left out.
 * @param truth labels 0 … C − 1 or ignoreIndex
 * @param prediction labels 0 … C − 1, same length
 */
export function confusionMatrix(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
  classes: number,
  ignoreIndex: number | null,
): Float64Array<ArrayBuffer> {
  if (truth.length !== prediction.length)
    throw new Error(`${truth.length} true labels but ${prediction.length} predicted ones`)
  const confusion = new Float64Array(classes * classes)
  for (let i = 0; i < truth.length; i++) {
    const row = truth[i]
    if (row === ignoreIndex) continue
    const column = prediction[i]
    if (row < 0 || row >= classes || column < 0 || column >= classes)
      throw new Error(`Label ${row} predicted as ${column}: outside 0 … ${classes - 1}`)
    confusion[row * classes + column] += 1
  }
  return confusion
}

/** tp, fp, fn, tn per class of a confusion matrix [C·C] whose rows are the truth. */
export function countsOf(confusion: ArrayLike<number>, classes: number): ClassCounts {
  const rows = new Array<number>(classes).fill(0)
  const columns = new Array<number>(classes).fill(0)
  let valid = 0
  for (let row = 0; row < classes; row++) {
    for (let column = 0; column < classes; column++) {
      const pixels = confusion[row * classes + column]
      rows[row] += pixels
      columns[column] += pixels
      valid += pixels
    }
  }
  const tp = rows.map((_, c) => confusion[c * classes + c])
  const fp = columns.map((pixels, c) => pixels - tp[c])
  const fn = rows.map((pixels, c) => pixels - tp[c])
  return { tp, fp, fn, tn: tp.map((pixels, c) => valid - pixels - fp[c] - fn[c]) }
}

function addArrays(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new Error(`Counts of ${a.length} and of ${b.length} classes cannot be pooled`)
  return a.map((value, c) => value + b[c])
}

/** Sum over images, or over folds for the pooled out-of-fold score. An empty list has no classes. */
export function mergeCounts(list: Iterable<ClassCounts>): ClassCounts {
  let sum: ClassCounts | undefined
  for (const counts of list) {
    sum =
      sum === undefined
        ? counts
        : {
            tp: addArrays(sum.tp, counts.tp),
            fp: addArrays(sum.fp, counts.fp),
            fn: addArrays(sum.fn, counts.fn),
            tn: addArrays(sum.tn, counts.tn),
          }
  }
  return sum ?? { tp: [], fp: [], fn: [], tn: [] }
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator > 0 ? numerator / denominator : null
}

function meanOfDefined(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null)
  return ratio(
    defined.reduce((sum, value) => sum + value, 0),
    defined.length,
  )
}

/** All scores of one image's or of pooled counts. */
export function scoresOf({ tp, fp, fn, tn }: ClassCounts): Scores {
  const perClassIoU = tp.map((pixels, c) => ratio(pixels, pixels + fp[c] + fn[c]))
  const perClassDice = tp.map((pixels, c) => ratio(2 * pixels, 2 * pixels + fp[c] + fn[c]))
  const validPixels = tp.length === 0 ? 0 : tp[0] + fp[0] + fn[0] + tn[0]
  const correct = tp.reduce((sum, pixels) => sum + pixels, 0)
  return {
    mIoU: meanOfDefined(perClassIoU),
    dice: meanOfDefined(perClassDice),
    classesWithUnion: perClassIoU.filter((value) => value !== null).length,
    pixelAccuracy: ratio(correct, validPixels),
    validPixels,
    perClassIoU,
    perClassDice,
    perClassPrecision: tp.map((pixels, c) => ratio(pixels, pixels + fp[c])),
    perClassRecall: tp.map((pixels, c) => ratio(pixels, pixels + fn[c])),
  }
}
