import { resizeMatrix } from '../../../graph/resize.ts'
import type { FloatType } from '../../../graph/tensor.ts'
import type { Emitter } from '../emitter.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'
import { likeOperand } from '../operators/half.ts'
import { repeatPixels } from './convolve.ts'
import { mapExtents, valueOf } from './value.ts'

export const resizeOperators: LoweringTable<
  PlainValues,
  'upsampleNearest2x' | 'sumPool2x' | 'resize2d' | 'resize2dGradient'
> = {
  upsampleNearest2x: (values, { inputs: [x], outputs: [y] }) => {
    values.setPlain(y, repeatPixels(values.emitter, values.plain(x), 2))
  },
  sumPool2x: (values, { inputs: [x], outputs: [y] }) => {
    values.setPlain(y, sumWindows2x(values.emitter, values.plain(x)))
  },
  resize2d: (values, { inputs: [x], attributes, outputs: [y] }) => {
    const [, , H, W] = mapExtents(valueOf(values, x))
    const { height, width } = attributes
    const rows = { matrix: resizeMatrix(H, height, attributes), from: H, to: height }
    const columns = { matrix: resizeMatrix(W, width, attributes), from: W, to: width }
    values.setPlain(y, resizeAxes(values.emitter, values.plain(x), rows, transposed(columns)))
  },
  resize2dGradient: (values, { inputs: [dy], attributes, outputs: [dx] }) => {
    const [, , H, W] = attributes.inputShape as readonly [number, number, number, number]
    const { height, width } = attributes
    const rows = { matrix: resizeMatrix(H, height, attributes), from: H, to: height }
    const columns = { matrix: resizeMatrix(W, width, attributes), from: W, to: width }
    values.setPlain(dx, resizeAxes(values.emitter, values.plain(dy), transposed(rows), columns))
  },
}

/** Sum over 2×2 windows. */
export function sumWindows2x(emitter: Emitter, x: string, dtype: FloatType = 'float32'): string {
  const means = emitter.op('AveragePool', [x], { kernel_shape: [2, 2], strides: [2, 2] })
  return emitter.multiply(means, likeOperand(emitter, emitter.float(4), dtype))
}

/** A matrix [to, from], row-major. */
interface AxisMatrix {
  readonly matrix: Float32Array
  readonly from: number
  readonly to: number
}

function transposed({ matrix, from, to }: AxisMatrix): AxisMatrix {
  const turned = Float32Array.from(matrix, (_, index) => matrix[(index % to) * from + Math.floor(index / to)])
  return { matrix: turned, from: to, to: from }
}

/** rows · x · columns; the columns first, since that is one product of matrices over all images and channels. */
function resizeAxes(emitter: Emitter, x: string, rows: AxisMatrix, columns: AxisMatrix): string {
  const name = ({ matrix, from, to }: AxisMatrix): string => emitter.floats([to, from], matrix)
  const wide = columns.from === columns.to ? x : emitter.op('MatMul', [x, name(columns)])
  return rows.from === rows.to ? wide : emitter.op('MatMul', [name(rows), wide])
}
