import { cutWindow } from '../augment/cutWindow.ts'
import { ignoredLabel, type Size } from '../augment/sample.ts'
import { isPlain, viewsOf } from '../augment/testTime.ts'
import { argMaxInto } from '../core/argMax.ts'
import type { InferenceSettings } from '../core/inferenceSettings.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import type { Arrays } from '../engines/engine.ts'
import { meanOverViews } from './meanOverViews.ts'
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
  { image, target, height, width }: Pick<Batch, 'image' | 'target' | 'height' | 'width'>,
  window: readonly [height: number, width: number],
  settings: InferenceSettings,
  classes: number,
  predictor: Predictor,
): Promise<BatchScores> {
  const size = { height, width }
  let [lossSum, counted] = [0, 0]
  const views = viewsOf(settings.tta, settings.tta_scales)
  const resultsOf = async (planes: Float32Array, truth: Int32Array, { height, width }: Size) =>
    predictor.run({ image: planes, target: truth, count: 1, height, width })
  const predict = async ({ planes, ...place }: ImageWindow): Promise<Float32Array> => {
    const truth = ignoredLabels(place)
    cutWindow(target, size, place, place, truth)
    const pixels = truth.reduce((sum, label) => sum + Number(label !== ignoredLabel), 0)
    const addLoss = ({ loss }: Arrays): void => {
      lossSum += pixels * loss[0]
      counted += pixels
    }
    if (!views.some(isPlain)) addLoss(await resultsOf(planes, truth, place))
    return meanOverViews(planes, place, views, async ({ view, ...viewed }) => {
      const results = await resultsOf(viewed.planes, isPlain(view) ? truth : ignoredLabels(viewed), viewed)
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

function confusionOf(target: Int32Array, labels: Int32Array, classes: number): Float64Array {
  const confusion = new Float64Array(classes * classes)
  for (let pixel = 0; pixel < labels.length; pixel++)
    if (target[pixel] !== ignoredLabel) confusion[target[pixel] * classes + labels[pixel]]++
  return confusion
}
