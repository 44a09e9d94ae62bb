import type { Operators, TensorFlow, Value } from '../operator.ts'

export const channelOperators: Operators<
  'affineChannels' | 'channelDot' | 'channelSum' | 'scaleSamples' | 'concatChannels' | 'sliceChannels'
> = {
  affineChannels: (tf, [x, scale, shift]) => {
    const scaled = tf.mul(x, scale)
    return shift ? tf.add(scaled, shift) : scaled
  },
  channelDot: (tf, [x, y]) => tf.sum(tf.mul(x, y), [1, 2], true),
  channelSum: (tf, [x]) => tf.sum(x, [0, 1, 2]),
  scaleSamples: (tf, [x, factor]) => scaleSamples(tf, x, factor),
  concatChannels: (tf, parts) => tf.concat([...parts], 3),
  sliceChannels: (tf, [x], { attributes: { offset, length } }) => tf.slice(x, [0, 0, 0, offset], [-1, -1, -1, length]),
}

/** x · factor[n] */
export function scaleSamples(tf: TensorFlow, x: Value, factor: Value): Value {
  return tf.mul(x, tf.reshape(factor, [-1, 1, 1, 1]))
}
