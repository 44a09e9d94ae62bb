import type { HalfType } from '../../../graph/tensor.ts'
import type { TensorFlow, Value } from '../operator.ts'

/** Bits of a float32's significand that the type lacks, where its normal numbers begin, and the first value too large for it. */
const formats: Readonly<
  Record<HalfType, { readonly dropped: number; readonly smallest: number; readonly limit: number }>
> = {
  float16: { dropped: 13, smallest: 2 ** -14, limit: 65520 },
  bfloat16: { dropped: 16, smallest: 0, limit: 2 ** 128 - 2 ** 119 },
}

/**
 * The float32 nearest to each that the half type can hold, ties to even, by float32 arithmetic alone. Normal numbers: Dekker's
 * and Veltkamp's splitting, x·(2ˢ+1) − (x·(2ˢ+1) − x). Subnormal ones of float16 are multiples of 2⁻²⁴, as are float32's next
 * to 0.75. (bfloat16's subnormal numbers are float32's, which the engine takes for 0.)
 */
export function roundToHalf(tf: TensorFlow, x: Value, half: HalfType): Value {
  const { dropped, smallest, limit } = formats[half]
  const size = tf.abs(x)
  // Where the product would overflow, split at a smaller scale: powers of two change nothing else.
  const isLarge = tf.greater(size, 2 ** 64)
  const moderate = tf.mul(x, tf.where(isLarge, tf.fill(x.shape, 2 ** -40), tf.onesLike(x)))
  const spread = tf.mul(moderate, 2 ** dropped + 1)
  const split = tf.sub(spread, tf.sub(spread, moderate))
  const normal = tf.mul(split, tf.where(isLarge, tf.fill(x.shape, 2 ** 40), tf.onesLike(x)))
  const subnormal = tf.mul(tf.sign(x), tf.sub(tf.add(size, 0.75), 0.75))
  const rounded = smallest === 0 ? normal : tf.where(tf.less(size, smallest), subnormal, normal)
  const infinite = tf.div(x, tf.zerosLike(x))
  return tf.where(tf.greaterEqual(size, limit), infinite, rounded)
}
