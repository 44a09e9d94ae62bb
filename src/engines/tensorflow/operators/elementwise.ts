import type { BinaryFunction, UnaryFunction } from '../../../graph/operations.ts'
import { isHalf } from '../../../graph/tensor.ts'
import { heldAxis, toHeld, toLogical } from '../layout.ts'
import type { Operators, TensorFlow, Value } from '../operator.ts'
import { roundToHalf } from './half.ts'

const unaryFunctions: Readonly<Record<UnaryFunction, (tf: TensorFlow, x: Value) => Value>> = {
  exp: (tf, x) => tf.exp(x),
  log: (tf, x) => tf.log(x),
  sqrt: (tf, x) => tf.sqrt(x),
  negate: (tf, x) => tf.neg(x),
  reciprocal: (tf, x) => tf.reciprocal(x),
}

const binaryFunctions: Readonly<Record<BinaryFunction, (tf: TensorFlow, a: Value, b: Value) => Value>> = {
  add: (tf, a, b) => tf.add(a, b),
  subtract: (tf, a, b) => tf.sub(a, b),
  multiply: (tf, a, b) => tf.mul(a, b),
  divide: (tf, a, b) => tf.div(a, b),
  maximum: (tf, a, b) => tf.maximum(a, b),
  minimum: (tf, a, b) => tf.minimum(a, b),
  greater: (tf, a, b) => tf.cast(tf.greater(a, b), 'float32'),
}

export const elementwiseOperators: Operators<
  'unary' | 'binary' | 'multiplyAdd' | 'reduceSum' | 'squaredNorm' | 'reshape' | 'cast' | 'select'
> = {
  unary: (tf, [x], { attributes: { kind } }) => unaryFunctions[kind](tf, floating(tf, x)),
  binary: (tf, [a, b], { attributes: { kind }, outputs: [y] }) => {
    const operand = (value: Value): Value => ofRank(tf, floating(tf, value), y.shape.length)
    return binaryFunctions[kind](tf, operand(a), operand(b))
  },
  multiplyAdd: (tf, [factor, x, y]) => tf.add(tf.mul(x, ofRank(tf, factor, x.rank)), y),
  reduceSum: (tf, [x], { attributes: { axes, keepDimensions }, outputs: [y] }) => {
    if (axes.length === 0) return floating(tf, x)
    // Kept dimensions stay where they are; without them the order of the others is the graph's.
    if (keepDimensions) {
      const held = axes.map((axis) => heldAxis(axis, x.rank))
      return tf.sum(floating(tf, x), held, true)
    }
    const sum = tf.sum(floating(tf, toLogical(tf, x)), [...axes])
    return toHeld(tf, tf.reshape(sum, [...y.shape]))
  },
  squaredNorm: (tf, [x]) => tf.reshape(tf.sum(tf.square(x)), [1]),
  reshape: (tf, [x], { outputs: [y] }) => toHeld(tf, tf.reshape(toLogical(tf, x), [...y.shape])),
  // There is no type of 16 bits: such a value is a float32, rounded where it is made and where it is read back.
  cast: (tf, [value], { inputs: [x], attributes: { to } }) => {
    const half = to === 'float32' ? x.dtype : to
    return isHalf(half) ? roundToHalf(tf, floating(tf, value), half) : floating(tf, value)
  },
  select: (tf, [condition, a, b]) =>
    tf.where(tf.broadcastTo(tf.greater(ofRank(tf, condition, a.rank), 0), a.shape), a, b),
}

/** Results of arithmetic are float32, whatever goes in. */
function floating(tf: TensorFlow, x: Value): Value {
  return x.dtype === 'float32' ? x : tf.cast(x, 'float32')
}

/** The value with extents of 1 in front, as NumPy's broadcasting reads it; in held form of that rank. */
function ofRank(tf: TensorFlow, x: Value, rank: number): Value {
  if (x.rank === rank) return x
  const logical = [...new Array<number>(rank - x.rank).fill(1), ...x.shape]
  return toHeld(tf, tf.reshape(x, logical))
}
