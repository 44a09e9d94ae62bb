import { normalizeInto, type Normalization } from '../augment/normalize.ts'
import { resizeSample } from '../augment/resizeSample.ts'
import type { Size } from '../augment/sample.ts'
import { viewsOf } from '../augment/testTime.ts'
import type { ExperimentConfig } from '../core/experiment.ts'
import type { ImageRows } from '../data/imageRows.ts'
import { meanOverViews } from './meanOverViews.ts'
import { windowedRows, type BandSource } from './windowedRows.ts'
import type { Predictor } from './validation.ts'

/** One network of an ensemble, ready to predict. */
export interface Member {
  readonly predictor: Predictor
  readonly classes: number
  readonly resize: ExperimentConfig['data']['image_size']
  readonly inference: ExperimentConfig['inference']
  readonly normalization: Normalization
}

/** Softmax of an image, row by row at the image's own width: [width, classes], each valid until the next. */
export async function* memberRows(image: ImageRows, member: Member): AsyncGenerator<Float32Array, void, undefined> {
  const { resize, normalization } = member
  if (resize === null) {
    yield* rowsOf(bandsOf(image, normalization), member)
    return
  }
  const size = { height: resize[0], width: resize[1] }
  yield* stretched(rowsOf(bandsOf(await resizedTo(image, size), normalization), member), size, image, member.classes)
}

/** The bands of 8-bit rows, normalised. */
function bandsOf(image: ImageRows, normalization: Normalization): BandSource {
  const { height, width } = image
  const band = async (top: number, end: number): Promise<Float32Array> => {
    const planes = new Float32Array(3 * (end - top) * width)
    normalizeInto(planes, 0, await image.rows(top, end), normalization)
    return planes
  }
  return { height, width, band }
}

async function* rowsOf(image: BandSource, member: Member): AsyncGenerator<Float32Array, void, undefined> {
  const { inference, classes } = member
  const { height, width } = image
  if (inference.window !== 'whole') {
    yield* windowedRows(image, inference.window, inference, classes, (window) => softmax(window.planes, window, member))
    return
  }
  const all = await softmax(await image.band(0, height), image, member)
  const length = width * classes
  for (let y = 0; y < height; y++) yield all.subarray(y * length, (y + 1) * length)
}

/** [height · width, classes]: the mean over the views of test-time augmentation. Valid until the next call. */
async function softmax(planes: Float32Array, size: Size, { predictor, inference }: Member): Promise<Float32Array> {
  const views = viewsOf(inference.tta, inference.tta_scales)
  return meanOverViews(planes, size, views, async ({ planes: image, height, width }) => {
    const results = await predictor.run({ image, target: new Int32Array(0), count: 1, height, width })
    return results['probabilities'] as Float32Array
  })
}

/** The whole image at another size, as training saw it. */
async function resizedTo(image: ImageRows, size: Size): Promise<ImageRows> {
  const { height, width } = image
  const pixels = await image.rows(0, height)
  const resized = resizeSample({ image: pixels, mask: new Uint8Array(height * width), height, width }, size).image
  const row = 3 * size.width
  return { ...size, rows: (top, end) => Promise.resolve(resized.subarray(top * row, end * row)) }
}

/** Rows at another size: the nearest pixel's, src = ⌊dst · in / out⌋. */
async function* stretched(
  rows: AsyncGenerator<Float32Array, void, undefined>,
  from: Size,
  to: Size,
  channels: number,
): AsyncGenerator<Float32Array, void, undefined> {
  const output = new Float32Array(to.width * channels)
  let next = 0
  for (let y = 0; y < to.height; y++) {
    const source = Math.floor((y * from.height) / to.height)
    while (next <= source) {
      const row = (await rows.next()).value!
      if (next++ === source) stretchInto(output, row, from.width, channels)
    }
    yield output
  }
}

function stretchInto(output: Float32Array, row: Float32Array, from: number, channels: number): void {
  const to = output.length / channels
  for (let x = 0, index = 0; x < to; x++) {
    const source = Math.floor((x * from) / to) * channels
    for (let c = 0; c < channels; c++) output[index++] = row[source + c]
  }
}
