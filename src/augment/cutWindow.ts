import type { Size } from './sample.ts'

/** Upper left pixel of a window; negative where it begins before the image. */
export interface Corner {
  readonly top: number
  readonly left: number
}

/**
 * Copies a window of an image; what lies outside the image is left as it is in `output`.
 * @param planes [channels, height, width]
 * @param output [channels, window height, window width]
 */
export function cutWindow<Values extends Float32Array | Int32Array>(
  planes: Values,
  { height, width }: Size,
  { top, left }: Corner,
  window: Size,
  output: Values,
): void {
  const channels = planes.length / (height * width)
  const [firstRow, endRow] = [Math.max(0, top), Math.min(height, top + window.height)]
  const [firstColumn, endColumn] = [Math.max(0, left), Math.min(width, left + window.width)]
  for (let channel = 0; channel < channels; channel++)
    for (let y = firstRow; y < endRow; y++) {
      const row = (channel * height + y) * width
      const target = (channel * window.height + y - top) * window.width + firstColumn - left
      output.set(planes.subarray(row + firstColumn, row + endColumn), target)
    }
}
