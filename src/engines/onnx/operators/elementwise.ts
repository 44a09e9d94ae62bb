import type { BinaryFunction, UnaryFunction } from '../../../graph/operations.ts'
import type { Tensor } from '../../../graph/tensor.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'
import { castTo } from './half.ts'

const unaryOperators: Readonly<Record<UnaryFunction, string>> = {
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  negate: 'Neg',
  reciprocal: 'Reciprocal',
}
const binaryOperators: Readonly<Record<BinaryFunction, string>> = {
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Mul',
  divide: 'Div',
  maximum: 'Max',
  minimum: 'Min',
  greater: 'Greater',
}

/** Results of arithmetic are float32, whatever goes in. */
function floating(values: PlainValues, tensor: Tensor): string {
  return castTo(values, tensor, 'float32')
}

/** Arithmetic and reductions in ordinary (row-major) layout, the same in every lowering. */
export const elementwiseOperators: LoweringTable<
  PlainValues,
  'unary' | 'binary' | 'multiplyAdd' | 'reduceSum' | 'squaredNorm' | 'reshape' | 'cast' | 'select'
> = {
  unary: (values, { inputs: [x], attributes: { kind }, outputs: [y] }) => {
    values.setPlain(y, values.emitter.op(unaryOperators[kind], [floating(values, x)]))
  },
  binary: (values, { inputs: [a, b], attributes: { kind }, outputs: [y] }) => {
    const { emitter } = values
    const result = emitter.op(binaryOperators[kind], [floating(values, a), floating(values, b)])
    values.setPlain(y, kind === 'greater' ? emitter.op('Cast', [result], { to: 1 }) : result)
  },
  multiplyAdd: (values, { inputs: [factor, x, y], outputs: [result] }) => {
    const { emitter } = values
    const product = emitter.multiply(values.plain(x), emitter.reshape(values.plain(factor), [1]))
    values.setPlain(result, emitter.add(product, values.plain(y)))
  },
  reduceSum: (values, { inputs: [x], attributes: { axes, keepDimensions }, outputs: [y] }) => {
    const { emitter } = values
    const source = floating(values, x)
    // No axes mean "all" to ONNX and "none" to the graph.
    const sum = axes.length === 0 ? source : emitter.reduceSum(source, axes, keepDimensions)
    const becameScalar = !keepDimensions && axes.length === x.shape.length
    values.setPlain(y, becameScalar ? emitter.reshape(sum, [1]) : sum)
  },
  squaredNorm: (values, { inputs: [x], outputs: [y] }) => {
    const { emitter } = values
    // Not ReduceSumSquare: an optimizer wants the squares as well, and the runtime then makes them once.
    const squares = emitter.multiply(values.plain(x), values.plain(x))
    values.setPlain(y, emitter.reshape(emitter.op('ReduceSum', [squares], { keepdims: 0 }), [1]))
  },
  reshape: (values, { inputs: [x], outputs: [y] }) => {
    values.setPlain(y, values.emitter.reshape(values.plain(x), y.shape))
  },
  cast: (values, { inputs: [x], attributes: { to, isAgain }, outputs: [y] }) => {
    values.setPlain(y, castTo(values, x, to, isAgain))
  },
  select: (values, { inputs: [condition, a, b], outputs: [y] }) => {
    const isChosen = values.emitter.op('Greater', [values.plain(condition), values.emitter.float(0)])
    values.setPlain(y, values.emitter.op('Where', [isChosen, values.plain(a), values.plain(b)]))
  },
}
