import { kernelsWith, layOut, type Kernels } from '../kernels/kernels.ts'
import type { Sample, Size } from '../sample.ts'
import { borderModes, type Border } from './border.ts'
import type { Matrix } from './matrix.ts'
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
  const area = height * width
  const { image, mask } = sample
  const [xs, ys, imageFrom, maskFrom, imageTo, maskTo, end] = layOut(
    width * 8, width * 8, image.length + 4, mask.length, area * 3 + 4, area,
  ) // prettier-ignore
  const { run, buffer } = kernelsWith(end)
  new Uint8Array(buffer, imageFrom, image.length).set(image)
  new Uint8Array(buffer, maskFrom, mask.length).set(mask)
  setSource(run, sample, border, imageFrom, maskFrom)
  const columns = new Float64Array(buffer, xs, width)
  const rows = new Float64Array(buffer, ys, width)
  for (let y = 0; y < height; y++) {
    if ('row' in map) map.row(y, columns, rows)
    else runMatrixRow(run, map.matrix, y, xs, ys, width)
    if (interpolation === 'nearest') {
      toNearest(columns)
      toNearest(rows)
    }
    run.warpRow(xs, ys, width, imageTo + y * width * 3, maskTo + y * width)
  }
  return {
    image: new Uint8Array(buffer, imageTo, area * 3).slice(),
    mask: new Uint8Array(buffer, maskTo, area).slice(),
    height,
    width,
  }
}

/** Tells the kernels which image is read, and what lies outside. */
export function setSource(
  run: Kernels['run'],
  { height, width }: Size,
  border: Border,
  imageAt: number,
  maskAt: number,
): void {
  const [red, green, blue] = border.color
  run.setSource(imageAt, maskAt, width, height, borderModes.indexOf(border.mode), red, green, blue, border.label)
}

function runMatrixRow(run: Kernels['run'], matrix: Matrix, y: number, xs: number, ys: number, count: number): void {
  const [a, b, c, d, e, f, g, h, i] = matrix
  run.matrixRow(xs, ys, count, b * y + c, e * y + f, h * y + i, a, d, g)
}

function toNearest(places: Float64Array): void {
  for (let i = 0; i < places.length; i++) places[i] = Math.floor(places[i] + 0.5)
}
