import { resizeMatrix } from '../../../graph/resize.ts'
import type { ResizeAttributes } from '../../../graph/operations.ts'
import type { Shape } from '../../../graph/tensor.ts'
import { mapExtents, type Operators, type TensorFlow, type Value } from '../operator.ts'

export const resizeOperators: Operators<'upsampleNearest2x' | 'sumPool2x' | 'resize2d' | 'resize2dGradient'> = {
  upsampleNearest2x: (tf, [x]) => doubled(tf, x),
  sumPool2x: (tf, [x]) => sumWindows2x(tf, x),
  resize2d: (tf, [x], { inputs: [{ shape }], attributes }) => {
    const [rows, columns] = matrices(tf, shape, attributes)
    return alongRows(tf, rows, alongColumns(tf, columns, x))
  },
  resize2dGradient: (tf, [dy], { attributes }) => {
    const [rows, columns] = matrices(tf, attributes.inputShape, attributes)
    return alongRows(tf, tf.transpose(rows), alongColumns(tf, tf.transpose(columns), dy))
  },
}

/** Every pixel twice in each direction. */
export function doubled(tf: TensorFlow, x: Value): Value {
  const [N, H, W, C] = mapExtents(x)
  const columns = tf.tile(tf.reshape(x, [N * H, W, 1, C]), [1, 1, 2, 1])
  const rows = tf.tile(tf.reshape(columns, [N * H, 1, 2 * W * C]), [1, 2, 1])
  return tf.reshape(rows, [N, 2 * H, 2 * W, C])
}

/** Sum over 2×2 windows. */
export function sumWindows2x(tf: TensorFlow, x: Value): Value {
  return tf.mul(tf.avgPool(x as Parameters<typeof tf.avgPool>[0], 2, 2, 'valid'), 4)
}

/** [to, from] for the rows and for the columns of a map of logical `shape`. */
function matrices(tf: TensorFlow, shape: Shape, attributes: ResizeAttributes): readonly [rows: Value, columns: Value] {
  const [, , H, W] = shape as readonly [number, number, number, number]
  const { height, width } = attributes
  return [
    tf.tensor(resizeMatrix(H, height, attributes), [height, H]),
    tf.tensor(resizeMatrix(W, width, attributes), [width, W]),
  ]
}

function alongRows(tf: TensorFlow, matrix: Value, x: Value): Value {
  const [N, H, W, C] = mapExtents(x)
  const product = tf.matMul(matrix, tf.reshape(x, [N, H, W * C]))
  return tf.reshape(product, [N, matrix.shape[0], W, C])
}

function alongColumns(tf: TensorFlow, matrix: Value, x: Value): Value {
  const [N, H, W, C] = mapExtents(x)
  const product = tf.matMul(matrix, tf.reshape(x, [N * H, W, C]))
  return tf.reshape(product, [N, H, matrix.shape[0], C])
}
