import { invert, type Matrix } from './matrix.ts'

/**
 * Where a row of an output image is read in its source: writes the column of each of its pixels into `xs`, the row into `ys`,
 * in pixels of the source whose centres lie at whole numbers.
 */
export type SourceMap = (y: number, xs: Float64Array, ys: Float64Array) => void

/** @param matrix source to output; the map goes the other way */
export function matrixMap(matrix: Matrix): SourceMap {
  const [a, b, c, d, e, f, g, h, i] = invert(matrix)
  if (g === 0 && h === 0 && i === 1)
    return (y, xs, ys) => {
      const x0 = b * y + c
      const y0 = e * y + f
      for (let x = 0; x < xs.length; x++) {
        xs[x] = x0 + a * x
        ys[x] = y0 + d * x
      }
    }
  return (y, xs, ys) => {
    const x0 = b * y + c
    const y0 = e * y + f
    const w0 = h * y + i
    for (let x = 0; x < xs.length; x++) {
      const w = 1 / (w0 + g * x)
      xs[x] = (x0 + a * x) * w
      ys[x] = (y0 + d * x) * w
    }
  }
}

/** Each column and each row is read at a place of its own: a grid that stays rectangular. */
export function separableMap(columns: ArrayLike<number>, rows: ArrayLike<number>): SourceMap {
  return (y, xs, ys) => {
    xs.set(columns)
    ys.fill(rows[y])
  }
}

/** @param offsetX, offsetY [height, width], what is added to the place of each output pixel */
export function displacementMap(offsetX: Float32Array, offsetY: Float32Array): SourceMap {
  return (y, xs, ys) => {
    const width = xs.length
    for (let x = 0, at = y * width; x < width; x++, at++) {
      xs[x] = x + offsetX[at]
      ys[x] = y + offsetY[at]
    }
  }
}
