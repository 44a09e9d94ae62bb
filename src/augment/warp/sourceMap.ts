import { invert, type Matrix } from './matrix.ts'

/** Where an output image is read in its source, in pixels of the source whose centres lie at whole numbers. */
export type SourceMap =
  | {
      /** Output to source. */
      readonly matrix: Matrix
    }
  | {
      /** Writes of row `y` the column of each of its pixels into `xs`, the row into `ys`. */
      readonly row: (y: number, xs: Float64Array, ys: Float64Array) => void
    }

/** @param matrix source to output; the map goes the other way */
export function matrixMap(matrix: Matrix): SourceMap {
  return { matrix: invert(matrix) }
}

/** Each column and each row is read at a place of its own: a grid that stays rectangular. */
export function separableMap(columns: ArrayLike<number>, rows: ArrayLike<number>): SourceMap {
  return {
    row: (y, xs, ys) => {
      xs.set(columns)
      ys.fill(rows[y])
    },
  }
}

/** @param offsetX, offsetY [height, width], what is added to the place of each output pixel */
export function displacementMap(offsetX: Float32Array, offsetY: Float32Array): SourceMap {
  return {
    row: (y, xs, ys) => {
      const width = xs.length
      for (let x = 0, at = y * width; x < width; x++, at++) {
        xs[x] = x + offsetX[at]
        ys[x] = y + offsetY[at]
      }
    },
  }
}
