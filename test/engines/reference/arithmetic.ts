import type { BinaryFunction, UnaryFunction } from '../../../src/graph/operations.ts'
import { isHalf, size, type Shape } from '../../../src/graph/tensor.ts'
import type { Reference, Values } from './evaluate.ts'
import { roundToHalf } from './half.ts'

const unary: Readonly<Record<UnaryFunction, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  negate: (x) => -x,
  reciprocal: (x) => 1 / x,
}
const binary: Readonly<Record<BinaryFunction, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  greater: (a, b) => Number(a > b),
}

/** The coordinates of a row-major index. */
export function coordinates(index: number, shape: Shape): number[] {
  const result: number[] = []
  let rest = index
  for (const extent of shape.toReversed()) {
    result.unshift(rest % extent)
    rest = Math.floor(rest / extent)
  }
  return result
}

/** Row-major index in a shape that may be of lower rank or have extents of 1 (NumPy's broadcasting). */
function broadcastIndex(at: readonly number[], shape: Shape): number {
  const lead = at.length - shape.length
  return shape.reduce((index, extent, axis) => index * extent + (extent === 1 ? 0 : at[lead + axis]), 0)
}

export function rowsOf(values: Values, length: number): readonly Values[] {
  return Array.from({ length: values.length / length }, (_, row) => values.subarray(row * length, (row + 1) * length))
}

/** [A, B, C] → [A, C, B]. */
function swapLast(values: Values, A: number, B: number, C: number): Values {
  return Float64Array.from({ length: A * B * C }, (_, index) => {
    const [a, c, b] = coordinates(index, [A, C, B]) as [number, number, number]
    return values[(a * B + b) * C + c]
  })
}

export const arithmeticReference: Reference<
  | 'unary'
  | 'binary'
  | 'multiplyAdd'
  | 'reduceSum'
  | 'squaredNorm'
  | 'reshape'
  | 'cast'
  | 'select'
  | 'pixelRows'
  | 'pixelMap'
  | 'logSoftmax'
  | 'oneHot'
  | 'argMax'
  | 'cumulateDescending'
> = {
  unary: ({ attributes: { kind } }, [x]) => x.map((value) => unary[kind](value)),
  binary: ({ inputs: [a, b], attributes: { kind }, outputs: [y] }, [left, right]) =>
    Float64Array.from({ length: size(y.shape) }, (_, index) => {
      const at = coordinates(index, y.shape)
      return binary[kind](left[broadcastIndex(at, a.shape)], right[broadcastIndex(at, b.shape)])
    }),
  multiplyAdd: (_, [factor, x, y]) => x.map((value, index) => factor[0] * value + y[index]),
  reduceSum: ({ inputs: [x], attributes: { axes }, outputs: [y] }, [values]) => {
    const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
    const result = new Float64Array(size(y.shape))
    values.forEach((value, index) => (result[broadcastIndex(coordinates(index, x.shape), kept)] += value))
    return result
  },
  squaredNorm: (_, [x]) => Float64Array.of(x.reduce((sum, value) => sum + value * value, 0)),
  reshape: (_, [x]) => x,
  cast: ({ inputs: [x], attributes: { to } }, [values]) => {
    const type = to === 'float32' ? x.dtype : to
    return isHalf(type) ? values.map((value) => roundToHalf(value, type)) : values
  },
  select: (_, [condition, a, b]) => (condition[0] > 0 ? a : b),
  pixelRows: ({ inputs: [x] }, [map]) => {
    const [N, C, H, W] = x.shape as [number, number, number, number]
    return swapLast(map, N, C, H * W)
  },
  pixelMap: ({ outputs: [y] }, [rows]) => {
    const [N, C, H, W] = y.shape as [number, number, number, number]
    return swapLast(rows, N, H * W, C)
  },
  logSoftmax: ({ inputs: [x] }, [values]) =>
    Float64Array.from(
      rowsOf(values, x.shape.at(-1)!).flatMap((row) => {
        const highest = Math.max(...row)
        const normalizer = highest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - highest), 0))
        return [...row].map((value) => value - normalizer)
      }),
    ),
  oneHot: ({ attributes: { classes } }, [indices]) =>
    Float64Array.from({ length: indices.length * classes }, (_, position) =>
      Number(indices[Math.floor(position / classes)] === position % classes),
    ),
  argMax: ({ inputs: [x] }, [values]) =>
    Float64Array.from(rowsOf(values, x.shape.at(-1)!), (row) => row.indexOf(Math.max(...row))),
  cumulateDescending: ({ inputs: [x] }, [keys, values]) => {
    const length = x.shape[1]
    const result = new Float64Array(values.length)
    rowsOf(keys, length).forEach((row, index) => {
      let sum = 0
      for (const each of [...row.keys()].sort((a, b) => row[b] - row[a] || a - b)) {
        sum += values[index * length + each]
        result[index * length + each] = sum
      }
    })
    return result
  },
}
