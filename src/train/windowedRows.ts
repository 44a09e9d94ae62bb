import { cutWindow, type Corner } from '../augment/cutWindow.ts'
import type { Size } from '../augment/sample.ts'
import type { InferenceSettings } from '../core/inferenceSettings.ts'
import { windowStarts, windowWeights } from '../core/slidingWindow.ts'
import { WindowBlend } from '../core/windowBlend.ts'

/** An image whose normalised pixels come in bands. */
export interface BandSource extends Size {
  /** Rows `top` to before `end`: [3, end − top, width], valid until the next call. */
  band(top: number, end: number): Promise<Float32Array>
}

/** A window cut out of an image. */
export interface ImageWindow extends Corner, Size {
  /** [3, height, width]; 0, the mean colour, outside the image. */
  readonly planes: Float32Array
}

/**
 * Softmax of an image of any size, row by row from top to bottom, [width, classes] each and valid until the next: windows
 * slide over it and are averaged where they overlap. In memory are one row of windows and their sums, whatever the height.
 * @param predict softmax [window height · window width, classes] of a window
 */
export async function* windowedRows(
  image: BandSource,
  [height, width]: readonly [number, number],
  { overlap, blend: kind }: Pick<InferenceSettings, 'overlap' | 'blend'>,
  classes: number,
  predict: (window: ImageWindow) => Promise<Float32Array>,
): AsyncGenerator<Float32Array, void, undefined> {
  const size = { height, width }
  const blend = new WindowBlend(
    { height: image.height, width: image.width, channels: classes },
    size,
    windowWeights(height, width, kind),
  )
  const tops = windowStarts(image.height, height, overlap)
  const lefts = windowStarts(image.width, width, overlap)
  const planes = new Float32Array(3 * height * width)
  for (const [index, top] of tops.entries()) {
    const [first, end] = [Math.max(0, top), Math.min(image.height, top + height)]
    const band = await image.band(first, end)
    for (const left of lefts) {
      cutWindow(band, { height: end - first, width: image.width }, { top: top - first, left }, size, planes)
      blend.add(top, left, await predict({ top, left, height, width, planes }))
    }
    yield* blend.finish(tops[index + 1] ?? image.height)
  }
}
