import { bandWidth, boundaryIoU, boundaryOverlaps } from '../../src/core/boundaries/boundaryIoU.ts'
import { boundaryF1Scores, matchDistance } from '../../src/core/boundaries/boundaryF1.ts'
import type { LabelPair } from '../../src/core/boundaries/classMasks.ts'
import { hausdorff95Distances } from '../../src/core/boundaries/hausdorff95.ts'
import { confusionMatrix, countsOf, type ClassCounts } from '../../src/core/metrics.ts'
import { metrics } from '../../src/core/scores/registry.ts'
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
  /** Further scores; see `scores`. */
  readonly [score: string]: unknown
}

interface MetricFixture {
  readonly num_classes: number
  readonly ignore_index: number
  readonly class_weights: readonly number[]
  readonly tolerance: string
  readonly cases: Readonly<Record<string, MetricCase>>
  readonly tensors: FixtureTensors
}

interface Subject {
  readonly one: MetricCase
  readonly images: readonly ClassCounts[]
  readonly pairs: () => readonly LabelPair[]
}

const ofMetric =
  (name: string, args: Readonly<Record<string, unknown>> = {}) =>
  ({ images }: Subject): readonly Score[] => [metrics.get(name).of(images, metrics.get(name).arguments.parse(args))]

/** Ours, by the names in the fixtures; `NAME.KEY` for a score that is an object there. */
const scores: Readonly<Record<string, (subject: Subject) => readonly Score[]>> = {
  pixel_accuracy: ofMetric('pixelAccuracy'),
  mean_class_accuracy_present: ofMetric('meanClassAccuracy'),
  iou_per_class: ({ images }) => metrics.get('mIoU').perClass!(images),
  dice_per_class: ({ images }) => metrics.get('dice').perClass!(images),
  miou_over_classes_with_union: ofMetric('mIoU'),
  miou_over_classes_in_truth: ofMetric('mIoUInTruth'),
  miou_absent_as_1: ofMetric('iou_score', { reduction: 'macro', zero_division: 1 }),
  miou_absent_as_0: ofMetric('iou_score', { reduction: 'macro', zero_division: 0 }),
  frequency_weighted_iou: ofMetric('frequencyWeightedIoU'),
  cohen_kappa: ofMetric('cohenKappa'),
  'boundary_iou.d': ({ pairs }) =>
    pairs()
      .slice(0, 1)
      .map(({ height, width }) => bandWidth(height, width)),
  'boundary_iou.intersection_union_per_image': ({ pairs }) =>
    pairs().flatMap((pair) => boundaryOverlaps(pair).flatMap(({ intersection, union }) => [intersection, union])),
  'boundary_iou.per_class_pooled': ({ pairs }) => {
    const measures = pairs().map((pair) => boundaryIoU.measure(pair))
    return measures[0].map((_, label) =>
      boundaryIoU.score(measures.map((image) => image[label]).filter((each) => each !== null)),
    )
  },
  'boundary_f1.theta': ({ pairs }) =>
    pairs()
      .slice(0, 1)
      .map(({ height, width }) => matchDistance(height, width)),
  'boundary_f1.per_image': ({ pairs }) => pairs().flatMap(boundaryF1Scores),
  hausdorff95_per_image: ({ pairs }) => pairs().flatMap(hausdorff95Distances),
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

/** Confusion matrix and counts of every image from its labels: exact. SMP's binary counts are those of class 1. */
function checkCounts(item: string, subject: Subject, ignoreIndex: number): ParityRow {
  const pairs = subject.pairs()
  const { classes } = pairs[0]
  const sum = new Float64Array(classes * classes)
  const errors = subject.images.flatMap((expected, image) => {
    const { truth, prediction } = pairs[image]
    const confusion = confusionMatrix(truth, prediction, classes, ignoreIndex)
    confusion.forEach((count, cell) => (sum[cell] += count))
    const counts = countsOf(confusion, classes)
    return (['tp', 'fp', 'fn', 'tn'] as const).flatMap((kind) =>
      differences(counts[kind].slice(-expected[kind].length), expected[kind], 0),
    )
  })
  const reference = subject.one['confusion_rows_truth']
  if (reference !== undefined) errors.push(...differences([...sum], numbersOf(reference), 0))
  return compared(item, { value: worst(errors) })
}

/** Numbers of a reference in the order in which they are written. */
function numbersOf(reference: unknown): readonly Score[] {
  return Array.isArray(reference) ? (reference as unknown[]).flatMap(numbersOf) : [reference as Score]
}

function checkScore(item: string, subject: Subject, name: string, reference: unknown, tolerance: number): ParityRow {
  return compared(item, { value: worst(differences(scores[name](subject), numbersOf(reference), tolerance)) })
}

/** One of SMP's scores in one reduction; "none" is every image and class, where 0/0 is `zero_division`. */
function checkReduction(
  { images }: Subject,
  score: string,
  [reduction, zeroDivision]: readonly [string, number],
  reference: unknown,
  { item, tolerance, weights }: { item: string; tolerance: number; weights: readonly number[] },
): ParityRow {
  const metric = metrics.get(score)
  const args = metric.arguments.parse({
    ...(reduction === 'none' ? {} : { reduction }),
    zero_division: zeroDivision,
    class_weights: weights,
  })
  const ours =
    reduction === 'none'
      ? images.flatMap((image) => metric.perClass!([image]).map((value) => value ?? zeroDivision))
      : [metric.of(images, args)]
  return compared(item, { value: worst(differences(ours, numbersOf(reference), tolerance)) })
}

async function* smpRows(
  name: string,
  subject: Subject,
  tolerance: number,
  weights: readonly number[],
): AsyncIterable<ParityRow> {
  for (const [score, reductions] of Object.entries(subject.one.smp ?? {}))
    for (const [setting, reference] of Object.entries(reductions)) {
      const item = `${name} smp ${score} ${setting}`
      const [reduction, zeroDivision] = setting.split('|zero_division=')
      yield metrics.names.includes(score)
        ? await attempt(item, () =>
            checkReduction(subject, score, [reduction, Number(zeroDivision)], reference, { item, tolerance, weights }),
          )
        : notImplemented(item, `score ${score}`)
    }
}

/** The labels of every image; a binary case compares a probability with its threshold. */
function labelPairs({ tensors, num_classes, ...fixture }: MetricFixture, name: string): readonly LabelPair[] {
  const { shape } = tensors.get(`${name}/target`)!
  const [height, width] = shape.slice(-2)
  const truth = valuesOf(tensors, `${name}/target`)
  const { threshold } = fixture.cases[name] as { threshold?: number }
  const prediction =
    threshold === undefined
      ? valuesOf(tensors, `${name}/prediction`)
      : valuesOf(tensors, `${name}/probability`).map((probability) => Number(probability >= threshold))
  const classes = threshold === undefined ? num_classes : 2
  return Array.from({ length: shape[0] }, (_, image) => {
    const [begin, end] = [image * height * width, (image + 1) * height * width]
    return { truth: truth.slice(begin, end), prediction: prediction.slice(begin, end), height, width, classes }
  })
}

export async function* metricRows(folder: string): AsyncIterable<ParityRow> {
  const fixture: MetricFixture = {
    ...(readJson(folder, 'cases.json') as Omit<MetricFixture, 'tensors'>),
    tensors: readTensors(folder),
  }
  const { absolute: tolerance } = readTolerance(fixture.tolerance)
  for (const [name, one] of Object.entries(fixture.cases)) {
    const subject = { one, images: countsPerImage(one), pairs: () => labelPairs(fixture, name) }
    const item = `${name} counts`
    yield await attempt(item, () => checkCounts(item, subject, fixture.ignore_index))
    for (const [key, value] of Object.entries(one).filter(([each]) => !described.includes(each))) {
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      const parts = isObject
        ? Object.entries(value).map(([part, each]: [string, unknown]) => [`${key}.${part}`, each])
        : [[key, value]]
      for (const [score, reference] of parts as [string, unknown][]) {
        const scoreItem = `${name} ${score}`
        yield Object.hasOwn(scores, score)
          ? await attempt(scoreItem, () => checkScore(scoreItem, subject, score, reference, tolerance))
          : notImplemented(scoreItem, `score ${score}`)
      }
    }
    yield* smpRows(name, subject, tolerance, fixture.class_weights)
  }
}
