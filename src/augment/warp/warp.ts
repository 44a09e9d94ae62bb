import { borderIndex, borderIndices, type Border } from './border.ts'
import type { Sample, Size } from '../sample.ts'
import type { SourceMap } from './sourceMap.ts'

/** How a warped image is read between pixels; masks take the nearest one. */
export type WarpInterpolation = 'nearest' | 'linear'

/** Everything that a warp does not leave to chance. */
export interface Warp {
  readonly map: SourceMap
  /** Of the output. */
  readonly size: Size
  readonly interpolation: WarpInterpolation
  readonly border: Border
}

/** Each pixel of the output is read where the map says: the image bilinear and rounded once, the mask at ⌊v + ½⌋. */
export function warp(sample: Sample, { map, size: { height, width }, interpolation, border }: Warp): Sample {
  const image = new Uint8Array(height * width * 3)
  const mask = new Uint8Array(height * width)
  const xs = new Float64Array(width)
  const ys = new Float64Array(width)
  const source = sourceOf(sample, border)
  const warpImage = interpolation === 'nearest' ? nearestColors : bilinearColors
  for (let y = 0; y < height; y++) {
    map(y, xs, ys)
    warpImage(source, xs, ys, image, y * width * 3)
    nearestLabels(source, xs, ys, mask, y * width)
  }
  return { image, mask, height, width }
}

interface Source extends Sample {
  readonly border: Border
  /** The column and row that stand for those from −`width` (−`height`) on, thrice as many as there are; −1 outside. */
  readonly columns: Int32Array
  readonly rows: Int32Array
}

function sourceOf(sample: Sample, border: Border): Source {
  const { height, width } = sample
  const columns = borderIndices(-width, 3 * width, width, border.mode)
  const rows = borderIndices(-height, 3 * height, height, border.mode)
  return { ...sample, border, columns, rows }
}

/** Weights are whole multiples of 2⁻¹¹, sums of 2⁻²²: what they lose is less than a hundredth of a gray level on a slope of ten. */
const [bits, one] = [11, 2048]
const half = 1 << (2 * bits - 1)

/** Writes one row of colours, beginning at byte `to` of `output`. */
function bilinearColors(source: Source, xs: Float64Array, ys: Float64Array, output: Uint8Array, to: number): void {
  const { image, width, height } = source
  const stride = width * 3
  const lastX = width - 1
  const lastY = height - 1
  for (let i = 0; i < xs.length; i++, to += 3) {
    const x = xs[i]
    const y = ys[i]
    if (!(x >= 0 && x < lastX && y >= 0 && y < lastY)) {
      bilinearAtBorder(source, x, y, output, to)
      continue
    }
    const x0 = x | 0
    const y0 = y | 0
    const fx = ((x - x0) * one + 0.5) | 0
    const fy = ((y - y0) * one + 0.5) | 0
    const a = y0 * stride + x0 * 3
    const b = a + stride
    const upper0 = (image[a] << bits) + Math.imul(image[a + 3] - image[a], fx)
    const lower0 = (image[b] << bits) + Math.imul(image[b + 3] - image[b], fx)
    output[to] = ((upper0 << bits) + Math.imul(lower0 - upper0, fy) + half) >> (2 * bits)
    const upper1 = (image[a + 1] << bits) + Math.imul(image[a + 4] - image[a + 1], fx)
    const lower1 = (image[b + 1] << bits) + Math.imul(image[b + 4] - image[b + 1], fx)
    output[to + 1] = ((upper1 << bits) + Math.imul(lower1 - upper1, fy) + half) >> (2 * bits)
    const upper2 = (image[a + 2] << bits) + Math.imul(image[a + 5] - image[a + 2], fx)
    const lower2 = (image[b + 2] << bits) + Math.imul(image[b + 5] - image[b + 2], fx)
    output[to + 2] = ((upper2 << bits) + Math.imul(lower2 - upper2, fy) + half) >> (2 * bits)
  }
}

/** One colour of which some neighbours may lie outside. */
function bilinearAtBorder(source: Source, x: number, y: number, output: Uint8Array, to: number): void {
  const { image, width, border } = source
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const fx = x - x0
  const fy = y - y0
  const left = columnOf(source, x0)
  const right = columnOf(source, x0 + 1)
  const upper = rowOf(source, y0)
  const lower = rowOf(source, y0 + 1)
  for (let c = 0; c < 3; c++) {
    const outside = border.color[c]
    const top = upper < 0 ? -1 : upper * width
    const bottom = lower < 0 ? -1 : lower * width
    const topLeft = top < 0 || left < 0 ? outside : image[(top + left) * 3 + c]
    const topRight = top < 0 || right < 0 ? outside : image[(top + right) * 3 + c]
    const bottomLeft = bottom < 0 || left < 0 ? outside : image[(bottom + left) * 3 + c]
    const bottomRight = bottom < 0 || right < 0 ? outside : image[(bottom + right) * 3 + c]
    const between = (topLeft * (1 - fx) + topRight * fx) * (1 - fy) + (bottomLeft * (1 - fx) + bottomRight * fx) * fy
    output[to + c] = (between + 0.5) | 0
  }
}

function nearestColors(source: Source, xs: Float64Array, ys: Float64Array, output: Uint8Array, to: number): void {
  const { image, width, border } = source
  for (let i = 0; i < xs.length; i++, to += 3) {
    const column = columnOf(source, Math.floor(xs[i] + 0.5))
    const row = rowOf(source, Math.floor(ys[i] + 0.5))
    const from = column < 0 || row < 0 ? -1 : (row * width + column) * 3
    output[to] = from < 0 ? border.color[0] : image[from]
    output[to + 1] = from < 0 ? border.color[1] : image[from + 1]
    output[to + 2] = from < 0 ? border.color[2] : image[from + 2]
  }
}

function nearestLabels(source: Source, xs: Float64Array, ys: Float64Array, output: Uint8Array, to: number): void {
  const { mask, width, height, border } = source
  const lastX = width - 0.5
  const lastY = height - 0.5
  for (let i = 0; i < xs.length; i++, to++) {
    const x = xs[i]
    const y = ys[i]
    if (x >= 0 && x < lastX && y >= 0 && y < lastY) {
      output[to] = mask[((y + 0.5) | 0) * width + ((x + 0.5) | 0)]
      continue
    }
    const column = columnOf(source, Math.floor(x + 0.5))
    const row = rowOf(source, Math.floor(y + 0.5))
    output[to] = column < 0 || row < 0 ? border.label : mask[row * width + column]
  }
}

function columnOf({ columns, width, border }: Source, x: number): number {
  return x >= -width && x < 2 * width ? columns[x + width] : borderIndex(bounded(x), width, border.mode)
}

function rowOf({ rows, height, border }: Source, y: number): number {
  return y >= -height && y < 2 * height ? rows[y + height] : borderIndex(bounded(y), height, border.mode)
}

/** Where a perspective goes to infinity there is no whole number left. */
function bounded(index: number): number {
  return Number.isNaN(index) ? -1 : Math.min(Math.max(index, -1e9), 1e9)
}
