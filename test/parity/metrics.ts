import {
  confusionMatrix,
  countsOf,
  mergeCounts,
  scoresOf,
  type ClassCounts,
  type Scores,
} from '../../src/core/metrics.ts'
import { readJson, readTensors, valuesOf, type FixtureTensors } from './fixtureFiles.ts'
import { attempt, compared, notImplemented, worst, type Measure, type ParityRow } from './row.ts'
import { readTolerance } from './tolerance.ts'

type Table = readonly (readonly number[])[]
type Score = number | null

interface MetricCase {
  readonly tp: Table
  readonly fp: Table
  readonly fn: Table
  readonly tn: Table
  /** SMP's scores by name and reduction. */
  readonly smp?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Further scores; see `pooledScores`. */
  readonly [score: string]: unknown
}

interface MetricFixture {
  readonly num_classes: number
  readonly ignore_index: number
  readonly tolerance: string
  readonly cases: Readonly<Record<string, MetricCase>>
  readonly tensors: FixtureTensors
}

/** Scores of the pooled counts, by their name in the fixtures. */
const pooledScores: Readonly<Record<string, (scores: Scores) => readonly Score[]>> = {
  pixel_accuracy: ({ pixelAccuracy }) => [pixelAccuracy],
  iou_per_class: ({ perClassIoU }) => perClassIoU,
  dice_per_class: ({ perClassDice }) => perClassDice,
  miou_over_classes_with_union: ({ mIoU }) => [mIoU],
}

/** SMP's scores per image and class that ours has as well. */
const smpScores: Readonly<Record<string, (scores: Scores) => readonly Score[]>> = {
  iou_score: ({ perClassIoU }) => perClassIoU,
  f1_score: ({ perClassDice }) => perClassDice,
  precision: ({ perClassPrecision }) => perClassPrecision,
  recall: ({ perClassRecall }) => perClassRecall,
}

/** What describes a case, besides its scores. */
const described = ['tp', 'fp', 'fn', 'tn', 'smp', 'confusion_rows_truth', 'threshold', 'rule']

function countsPerImage({ tp, fp, fn, tn }: MetricCase): readonly ClassCounts[] {
  return tp.map((_, image) => ({ tp: tp[image], fp: fp[image], fn: fn[image], tn: tn[image] }))
}

function differences(ours: readonly Score[], reference: readonly Score[], tolerance: number): Measure[] {
  if (ours.length !== reference.length) throw new Error(`${ours.length} scores for ${reference.length}`)
  return ours.map((value, index) => {
    const expected = reference[index]
    // Undefined in one and a number in the other is as wrong as can be.
    const error = value === null || expected === null ? (value === expected ? 0 : Infinity) : Math.abs(value - expected)
    return { error, tolerance }
  })
}

/** Confusion matrix and counts of every image from its labels: exact. */
function checkCounts(
  item: string,
  { tensors, num_classes: classes, ...fixture }: MetricFixture,
  name: string,
): ParityRow {
  const one = fixture.cases[name]
  const images = tensors.get(`${name}/target`)!.shape[0]
  const [truth, prediction] = ['target', 'prediction'].map((kind) => valuesOf(tensors, `${name}/${kind}`))
  const pixels = truth.length / images
  const sum = new Float64Array(classes * classes)
  const errors = countsPerImage(one).flatMap((expected, image) => {
    const [begin, end] = [image * pixels, (image + 1) * pixels]
    const labels = [truth.subarray(begin, end), prediction.subarray(begin, end)] as const
    const confusion = confusionMatrix(...labels, classes, fixture.ignore_index)
    confusion.forEach((count, cell) => (sum[cell] += count))
    const counts = countsOf(confusion, classes)
    return (['tp', 'fp', 'fn', 'tn'] as const).flatMap((kind) => differences(counts[kind], expected[kind], 0))
  })
  errors.push(...differences([...sum], (one['confusion_rows_truth'] as Table).flat(), 0))
  return compared(item, { value: worst(errors) })
}

function checkPooled(item: string, one: MetricCase, score: string, tolerance: number): ParityRow {
  const ours = pooledScores[score](scoresOf(mergeCounts(countsPerImage(one))))
  const reference = one[score] as Score | readonly Score[]
  return compared(item, {
    value: worst(
      differences(ours, Array.isArray(reference) ? (reference as Score[]) : [reference as Score], tolerance),
    ),
  })
}

/** Wherever ours is defined: a class that an image does not have is no number here, and SMP's `zero_division` there. */
function checkPerImage(item: string, one: MetricCase, score: string, reference: Table, tolerance: number): ParityRow {
  const errors = countsPerImage(one).flatMap((counts, image) => {
    const ours = smpScores[score](scoresOf(counts))
    return differences(
      ours,
      ours.map((value, c) => (value === null ? null : reference[image][c])),
      tolerance,
    )
  })
  return compared(item, { value: worst(errors) })
}

async function* smpRows(name: string, one: MetricCase, tolerance: number): AsyncIterable<ParityRow> {
  for (const [score, reductions] of Object.entries(one.smp ?? {})) {
    const item = `${name} smp ${score}`
    const isOurs = Object.hasOwn(smpScores, score)
    for (const [reduction, reference] of Object.entries(reductions)) {
      // Both values of zero_division are the same wherever ours is defined.
      if (isOurs && reduction.startsWith('none|'))
        yield await attempt(`${item} ${reduction}`, () =>
          checkPerImage(`${item} ${reduction}`, one, score, reference as Table, tolerance),
        )
    }
    const others = Object.keys(reductions).filter((reduction) => !reduction.startsWith('none|'))
    if (!isOurs) yield notImplemented(item, `score ${score}`)
    else if (others.length > 0)
      yield notImplemented(item, `reductions ${[...new Set(others.map((each) => each.split('|')[0]))].join(', ')}`)
  }
}

export async function* metricRows(folder: string): AsyncIterable<ParityRow> {
  const fixture: MetricFixture = {
    ...(readJson(folder, 'cases.json') as Omit<MetricFixture, 'tensors'>),
    tensors: readTensors(folder),
  }
  const { absolute: tolerance } = readTolerance(fixture.tolerance)
  for (const [name, one] of Object.entries(fixture.cases)) {
    const item = `${name} counts`
    if (one['confusion_rows_truth'] === undefined) yield notImplemented(item, 'binary labels from a threshold')
    else yield await attempt(item, () => checkCounts(item, fixture, name))
    for (const score of Object.keys(one).filter((key) => !described.includes(key))) {
      const scoreItem = `${name} ${score}`
      if (Object.hasOwn(pooledScores, score))
        yield await attempt(scoreItem, () => checkPooled(scoreItem, one, score, tolerance))
      else yield notImplemented(scoreItem, `score ${score}`)
    }
    yield* smpRows(name, one, tolerance)
  }
}
