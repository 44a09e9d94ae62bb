import type { Size } from './sample.ts'
import { resizeTaps, type Taps } from './taps.ts'

/** Size of a picture at a scale: ⌊side · scale⌋, at least one pixel. */
export function scaledSize({ height, width }: Size, scale: number): Size {
  return { height: Math.max(1, Math.floor(height * scale)), width: Math.max(1, Math.floor(width * scale)) }
}

/**
 * Bilinear resampling of values in float, as torch's `interpolate(mode='bilinear', align_corners=False)`.
 * @param planes [channels, from.height, from.width] → [channels, to.height, to.width]
 */
export function scalePlanes(planes: Float32Array, from: Size, to: Size): Float32Array {
  const [area, scaledArea] = [from.height * from.width, to.height * to.width]
  const scaled = new Float32Array((planes.length / area) * scaledArea)
  const resampling = resamplingOf(from, to)
  for (let start = 0, index = 0; start < planes.length; start += area)
    for (let y = 0; y < to.height; y++)
      for (let x = 0; x < to.width; x++) scaled[index++] = sampleAt(resampling, x, y, (pixel) => planes[start + pixel])
  return scaled
}

/**
 * The same of rows, [from.height · from.width, channels] → [to.height · to.width, channels].
 */
export function scaleRows(rows: Float32Array, from: Size, to: Size): Float32Array {
  const channels = rows.length / (from.height * from.width)
  const scaled = new Float32Array(to.height * to.width * channels)
  const resampling = resamplingOf(from, to)
  for (let y = 0, index = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++)
      for (let c = 0; c < channels; c++)
        scaled[index++] = sampleAt(resampling, x, y, (pixel) => rows[pixel * channels + c])
  return scaled
}

interface Resampling {
  readonly columns: Taps
  readonly rows: Taps
  /** Of the source. */
  readonly width: number
}

function resamplingOf(from: Size, to: Size): Resampling {
  return {
    columns: resizeTaps(from.width, to.width, 'linear'),
    rows: resizeTaps(from.height, to.height, 'linear'),
    width: from.width,
  }
}

function sampleAt({ columns, rows, width }: Resampling, x: number, y: number, valueOf: (pixel: number) => number) {
  let sum = 0
  for (let i = 2 * y; i < 2 * y + 2; i++)
    for (let j = 2 * x; j < 2 * x + 2; j++)
      sum += rows.weights[i] * columns.weights[j] * valueOf(rows.indices[i] * width + columns.indices[j])
  return sum
}
