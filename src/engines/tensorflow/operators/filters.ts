import type { FusedActivation } from '../../../graph/operations.ts'
import type { TensorFlow, Value } from '../operator.ts'
import { activate } from './activation.ts'

// Weights as held, [O, kh, kw, I], and as the kernels read them: dense [kh, kw, I, O], depthwise [kh, kw, C, 1].

export function denseFilter(tf: TensorFlow, weight: Value): Value {
  return tf.transpose(weight, [1, 2, 3, 0])
}

export function denseWeight(tf: TensorFlow, filter: Value): Value {
  return tf.transpose(filter, [3, 0, 1, 2])
}

export function depthwiseFilter(tf: TensorFlow, weight: Value): Value {
  return tf.transpose(weight, [1, 2, 0, 3])
}

export function depthwiseWeight(tf: TensorFlow, filter: Value): Value {
  return tf.transpose(filter, [2, 0, 1, 3])
}

/** What may follow a convolution inside one operation. */
export function finished(
  tf: TensorFlow,
  map: Value,
  bias: Value | undefined,
  sum: Value | undefined,
  activation: FusedActivation,
): Value {
  const biased = bias ? tf.add(map, bias) : map
  return activate(tf, activation, sum ? tf.add(biased, sum) : biased)
}
