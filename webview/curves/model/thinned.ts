import { firstAtLeast } from './search.ts'
import type { Span } from './settings.ts'

/** Vertices to draw; the arrays are used again for every line. A NaN in `ys` is a gap. */
export interface Vertices {
  xs: Float64Array
  ys: Float64Array
  count: number
}

export function noVertices(): Vertices {
  return { xs: new Float64Array(4096), ys: new Float64Array(4096), count: 0 }
}

/** More points than this in a column of pixels look the same as their lowest and highest. */
const pointsPerColumn = 4

/** What stands for the points of one column of pixels. `extremes`: a peak of one step is never lost. */
export type Thinning = 'extremes' | 'mean'

/**
 * The part of a line that lies in `x`, with one point beyond on either side: as it is where it is sparse, else the lowest and
 * the highest point of each column of pixels, in their order, or their mean.
 * @param xs growing  @param columns width of the plot in pixels
 * @returns whether all points are there
 */
export function thin(
  { xs, ys }: { readonly xs: Float64Array; readonly ys: Float64Array },
  x: Span,
  columns: number,
  thinning: Thinning,
  out: Vertices,
): boolean {
  const first = Math.max(0, firstAtLeast(xs, x.min) - 1)
  const end = Math.min(xs.length, firstAtLeast(xs, x.max) + 1)
  out.count = 0
  reserve(out, Math.min(end - first, 3 * (columns + 4)) + pointsPerColumn * columns)
  if (end - first <= pointsPerColumn * columns) {
    out.xs.set(xs.subarray(first, end))
    out.ys.set(ys.subarray(first, end))
    out.count = end - first
    return true
  }
  if (thinning === 'extremes') takeExtremes(xs, ys, first, end, x, columns, out)
  else takeMeans(xs, ys, first, end, x, columns, out)
  return false
}

function takeExtremes(
  xs: Float64Array,
  ys: Float64Array,
  first: number,
  end: number,
  { min, max }: Span,
  columns: number,
  out: Vertices,
): void {
  const scale = columns / (max - min)
  let column = NaN
  let low = -1
  let high = -1
  const flush = (): void => {
    if (low < 0) return
    add(out, xs, ys, Math.min(low, high))
    if (low !== high) add(out, xs, ys, Math.max(low, high))
    low = high = -1
  }
  for (let index = first; index < end; index++) {
    const value = ys[index]
    if (Number.isNaN(value)) {
      flush()
      if (out.count > 0 && !Number.isNaN(out.ys[out.count - 1])) add(out, xs, ys, index)
      continue
    }
    const at = Math.floor((xs[index] - min) * scale)
    if (at !== column) {
      flush()
      column = at
    }
    if (low < 0 || value < ys[low]) low = index
    if (high < 0 || value >= ys[high]) high = index
  }
  flush()
}

function takeMeans(
  xs: Float64Array,
  ys: Float64Array,
  first: number,
  end: number,
  { min, max }: Span,
  columns: number,
  out: Vertices,
): void {
  const scale = columns / (max - min)
  for (let index = first; index < end;) {
    const column = Math.floor((xs[index] - min) * scale)
    const begin = index
    let sum = 0
    let count = 0
    for (; index < end && Math.floor((xs[index] - min) * scale) === column; index++) {
      if (Number.isNaN(ys[index])) continue
      sum += ys[index]
      count++
    }
    out.xs[out.count] = (xs[begin] + xs[index - 1]) / 2
    out.ys[out.count++] = sum / count
  }
}

function add(out: Vertices, xs: Float64Array, ys: Float64Array, index: number): void {
  reserve(out, out.count + 1)
  out.xs[out.count] = xs[index]
  out.ys[out.count++] = ys[index]
}

function reserve(out: Vertices, count: number): void {
  if (count <= out.xs.length) return
  const grown = (values: Float64Array): Float64Array => {
    const larger = new Float64Array(2 * count)
    larger.set(values)
    return larger
  }
  out.xs = grown(out.xs)
  out.ys = grown(out.ys)
}
