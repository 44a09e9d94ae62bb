import type { ActivationKind, FusedActivation } from '../../../graph/operations.ts'
import type { Operators, TensorFlow, Value } from '../operator.ts'

export const activationOperators: Operators<'activation' | 'activationGradient'> = {
  activation: (tf, [x], { attributes: { kind } }) => activate(tf, kind, x),
  activationGradient: (tf, [x, y, dy], { attributes: { kind } }) => activationGradient(tf, kind, x, y, dy),
}

export function activate(tf: TensorFlow, kind: ActivationKind | FusedActivation, x: Value): Value {
  switch (kind) {
    case 'identity':
      return x
    case 'relu':
      return tf.relu(x)
    case 'relu6':
      return tf.clipByValue(x, 0, 6)
    case 'sigmoid':
      return tf.sigmoid(x)
    case 'silu':
      return tf.mul(x, tf.sigmoid(x))
    case 'gelu':
      return tf.mul(x, normalDistribution(tf, x))
  }
}

/** dy · activation′, from the value x before the activation and y after it. */
export function activationGradient(
  tf: TensorFlow,
  kind: ActivationKind | FusedActivation,
  x: Value,
  y: Value,
  dy: Value,
): Value {
  switch (kind) {
    case 'identity':
      return dy
    case 'relu':
      return tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32'))
    case 'relu6':
      return tf.mul(dy, tf.cast(tf.logicalAnd(tf.greater(y, 0), tf.less(y, 6)), 'float32'))
    case 'sigmoid':
      return tf.mul(dy, tf.sub(y, tf.square(y)))
    case 'silu':
      // σ(x)·(1 + x − y)
      return tf.mul(dy, tf.mul(tf.sigmoid(x), tf.add(tf.sub(x, y), 1)))
    case 'gelu': {
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))
      return tf.mul(dy, tf.add(normalDistribution(tf, x), tf.mul(x, density)))
    }
  }
}

/** Φ(x) = ½ + ½·erf(x/√2) */
function normalDistribution(tf: TensorFlow, x: Value): Value {
  return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5)
}
