import { size } from '../../../src/graph/tensor.ts'
import { coordinates, rowsOf } from './arithmetic.ts'
import type { Reference, Values } from './evaluate.ts'

/** Element [row, column] of matrix n in a stack of rows × columns, or of its transpose. */
function element(
  values: Values,
  [n, row, column]: readonly [number, number, number],
  [rows, columns]: readonly [number, number],
  isTransposed: boolean,
): number {
  return values[n * rows * columns + (isTransposed ? column * columns + row : row * columns + column)]
}

export const matrixReference: Reference<'matMul' | 'transpose' | 'softmax' | 'layerNorm'> = {
  matMul: ({ inputs: [a, b], attributes: { transposeA, transposeB }, outputs: [y] }, [left, right, bias]) => {
    const [M, N] = y.shape.slice(-2) as [number, number]
    const [ofA, ofB] = [a.shape.slice(-2), b.shape.slice(-2)] as [[number, number], [number, number]]
    const K = ofA[transposeA ? 0 : 1]
    return Float64Array.from({ length: size(y.shape) }, (_, index) => {
      const [n, row, column] = coordinates(index, [size(y.shape) / (M * N), M, N]) as [number, number, number]
      let sum = (bias as Values | undefined)?.[column] ?? 0
      for (let k = 0; k < K; k++)
        sum += element(left, [n, row, k], ofA, transposeA) * element(right, [n, k, column], ofB, transposeB)
      return sum
    })
  },
  transpose: ({ inputs: [x], attributes: { permutation }, outputs: [y] }, [values]) => {
    const result = new Float64Array(values.length)
    values.forEach((value, index) => {
      const at = coordinates(index, x.shape)
      result[permutation.reduce((place, axis, each) => place * y.shape[each] + at[axis], 0)] = value
    })
    return result
  },
  softmax: ({ inputs: [x] }, [values]) =>
    Float64Array.from(
      rowsOf(values, x.shape.at(-1)!).flatMap((row) => {
        const highest = Math.max(...row)
        const sum = row.reduce((partial, value) => partial + Math.exp(value - highest), 0)
        return [...row].map((value) => Math.exp(value - highest) / sum)
      }),
    ),
  layerNorm: ({ inputs: [x], attributes: { epsilon } }, [values, gamma, beta]) => {
    const C = x.shape[1]
    const rows = rowsOf(values, C)
    const means = Float64Array.from(rows, (row) => row.reduce((sum, value) => sum + value, 0) / C)
    const inverses = Float64Array.from(rows, (row, index) => {
      const variance = row.reduce((sum, value) => sum + (value - means[index]) ** 2, 0) / C
      return 1 / Math.sqrt(variance + epsilon)
    })
    const normalized = values.map((value, index) => {
      const row = Math.floor(index / C)
      return (value - means[row]) * inverses[row] * gamma[index % C] + beta[index % C]
    })
    return [normalized, means, inverses]
  },
}
