import { cutWindow, type Corner } from '../augment/cutWindow.ts'
import { ignoredLabel, type Size } from '../augment/sample.ts'
import { isPlain, viewsOf } from '../augment/testTime.ts'
import { argMaxInto } from '../core/argMax.ts'
import type { InferenceSettings } from '../core/inferenceSettings.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import type { Arrays } from '../engines/engine.ts'
import { meanOverViews } from './meanOverViews.ts'
import type { BatchData } from './trainer.ts'
import type { Predictor } from './validation.ts'
import { windowedRows, type ImageWindow } from './windowedRows.ts'

/** What validation wants to know of a batch. */
export interface BatchScores {
  /** [N · height · width] */
  readonly labels: Int32Array
  readonly loss: number
  /** [N, C, C], rows = truth. */
  readonly confusion: ArrayLike<number>
}

/**
 * Scores of a batch of one image by sliding windows, each seen in every view of test-time augmentation; the loss is that of
 * the windows as they are. It is the mean over the windows, each weighed by its
 * pixels that are not ignored: for cross-entropy the mean over pixels.
 */
export async function windowedScores(
  { image, target, inputs, height, width }: BatchData & Pick<Batch, 'height' | 'width'>,
  window: readonly [height: number, width: number],
  settings: InferenceSettings,
  classes: number,
  predictor: Predictor,
): Promise<BatchScores> {
  const size = { height, width }
  let [lossSum, counted] = [0, 0]
  const views = viewsOf(settings.tta, settings.tta_scales)
  const resultsOf = async (
    planes: Float32Array,
    labels: Pick<BatchData, 'target' | 'inputs'>,
    { height, width }: Size,
  ) => predictor.run({ image: planes, ...labels, count: 1, height, width })
  const predict = async ({ planes, ...place }: ImageWindow): Promise<Float32Array> => {
    const truth = ignoredLabels(place)
    cutWindow(target, size, place, place, truth)
    const pixels = truth.reduce((sum, label) => sum + Number(label !== ignoredLabel), 0)
    const addLoss = ({ loss }: Arrays): void => {
      lossSum += pixels * loss[0]
      counted += pixels
    }
    const labels = { target: truth, inputs: cutRows(inputs, size, place, classes) }
    if (!views.some(isPlain)) addLoss(await resultsOf(planes, labels, place))
    return meanOverViews(planes, place, views, async ({ view, ...viewed }) => {
      const results = await resultsOf(viewed.planes, isPlain(view) ? labels : noLabels(inputs, viewed, classes), viewed)
      if (isPlain(view)) addLoss(results)
      return results['probabilities'] as Float32Array
    })
  }
  const band = (top: number, end: number): Promise<Float32Array> => {
    const rows = new Float32Array(3 * (end - top) * width)
    cutWindow(image, size, { top, left: 0 }, { height: end - top, width }, rows)
    return Promise.resolve(rows)
  }
  const labels = new Int32Array(height * width)
  let done = 0
  for await (const row of windowedRows({ ...size, band }, window, settings, classes, predict)) {
    argMaxInto(row, classes, labels.subarray(done, done + width))
    done += width
  }
  return { labels, loss: counted === 0 ? 0 : lossSum / counted, confusion: confusionOf(target, labels, classes) }
}

function ignoredLabels({ height, width }: Size): Int32Array {
  return new Int32Array(height * width).fill(ignoredLabel)
}

/** Of a view whose loss is not asked for. */
function noLabels(inputs: BatchData['inputs'], size: Size, classes: number): Pick<BatchData, 'target' | 'inputs'> {
  const zeros = Object.keys(inputs ?? {}).map((name) => [name, new Float32Array(size.height * size.width * classes)])
  return { target: ignoredLabels(size), inputs: Object.fromEntries(zeros) as BatchData['inputs'] }
}

/** Each [height · width, classes] → [window height · window width, classes]; 0 outside of the image, where no pixel counts. */
function cutRows(
  inputs: BatchData['inputs'],
  { height, width }: Size,
  window: Corner & Size,
  classes: number,
): BatchData['inputs'] {
  const cut = (rows: Float32Array): Float32Array => {
    const output = new Float32Array(window.height * window.width * classes)
    // A row of pixels with its classes is a row of one plane.
    const place = { top: window.top, left: window.left * classes }
    const extent = { height: window.height, width: window.width * classes }
    cutWindow(rows, { height, width: width * classes }, place, extent, output)
    return output
  }
  return Object.fromEntries(Object.entries(inputs ?? {}).map(([name, rows]) => [name, cut(rows)]))
}

function confusionOf(target: Int32Array, labels: Int32Array, classes: number): Float64Array {
  const confusion = new Float64Array(classes * classes)
  for (let pixel = 0; pixel < labels.length; pixel++)
    if (target[pixel] !== ignoredLabel) confusion[target[pixel] * classes + labels[pixel]]++
  return confusion
}
