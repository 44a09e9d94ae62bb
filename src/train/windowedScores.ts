import { cutWindow, type Corner } from '../augment/cutWindow.ts'
import { ignoredLabel, type Size } from '../augment/sample.ts'
import { argMaxInto } from '../core/argMax.ts'
import type { InferenceSettings } from '../core/inferenceSettings.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
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
 * Scores of a batch of one image by sliding windows. Its loss is the mean over the windows, each weighed by its pixels that
 * are not ignored: for cross-entropy the mean over pixels.
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
  const predict = async ({ planes, ...place }: ImageWindow): Promise<Float32Array> => {
    const truth = new Int32Array(place.height * place.width).fill(ignoredLabel)
    cutWindow(target, size, place, place, truth)
    const results = await predictor.run({
      image: planes,
      target: truth,
      inputs: cutRows(inputs, size, place, classes),
      count: 1,
      ...place,
    })
    const pixels = truth.reduce((sum, label) => sum + Number(label !== ignoredLabel), 0)
    lossSum += pixels * results['loss'][0]
    counted += pixels
    return results['probabilities'] as Float32Array
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
