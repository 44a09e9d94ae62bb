import { heldShape } from '../layout.ts'
import type { Operators } from '../operator.ts'

/** Maps are held channels-last: rows of pixels are the same elements in the same order. */
export const pixelOperators: Operators<
  'pixelRows' | 'pixelMap' | 'logSoftmax' | 'oneHot' | 'argMax' | 'cumulateDescending'
> = {
  pixelRows: (tf, [x], { outputs: [rows] }) => tf.reshape(x, [...rows.shape]),
  pixelMap: (tf, [rows], { outputs: [x] }) => tf.reshape(rows, heldShape(x.shape)),
  logSoftmax: (tf, [x]) => tf.logSoftmax(x),
  // tf.oneHot wants at least two classes.
  oneHot: (tf, [indices], { attributes: { classes } }) =>
    tf.cast(tf.equal(tf.reshape(indices, [-1, 1]), tf.range(0, classes, 1, 'int32')), 'float32'),
  argMax: (tf, [x]) => tf.argMax(x, -1),
  cumulateDescending: (tf, [keys, values]) => {
    const [rows, length] = keys.shape
    const { indices } = tf.topk(keys, length)
    const starts = tf.reshape(tf.range(0, rows * length, length, 'int32'), [rows, 1])
    const order = tf.reshape(tf.add(indices, starts), [-1])
    const sorted = tf.reshape(tf.gather(tf.reshape(values, [-1]), order), [rows, length])
    const sums = tf.reshape(tf.cumsum(sorted, 1), [-1])
    return tf.reshape(tf.scatterND(tf.reshape(order, [-1, 1]), sums, [rows * length]), [rows, length])
  },
}
