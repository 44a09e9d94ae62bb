import { toHeld, toLogical } from '../layout.ts'
import type { Operators } from '../operator.ts'

export const matrixOperators: Operators<'matMul' | 'transpose' | 'softmax' | 'layerNorm' | 'layerNormGradient'> = {
  matMul: (tf, [a, b, bias], { attributes: { transposeA, transposeB } }) => {
    const product = tf.matMul(a, b, transposeA, transposeB)
    return bias ? tf.add(product, bias) : product
  },
  transpose: (tf, [x], { attributes: { permutation } }) => toHeld(tf, tf.transpose(toLogical(tf, x), [...permutation])),
  softmax: (tf, [x]) => tf.softmax(x),
  layerNorm: (tf, [x, gamma, beta], { attributes: { epsilon } }) => {
    const { mean, variance } = tf.moments(x, 1, true)
    const inverse = tf.rsqrt(tf.add(variance, epsilon))
    const normalized = tf.mul(tf.sub(x, mean), inverse)
    return [tf.add(tf.mul(normalized, gamma), beta), mean, inverse]
  },
  /** dx = (g − mean(g) − x̂·mean(g·x̂)) / σ with g = γ·dy. */
  layerNormGradient: (tf, [x, dy, gamma, mean, inverse]) => {
    const normalized = tf.mul(tf.sub(x, mean), inverse)
    const g = tf.mul(dy, gamma)
    const projected = tf.add(tf.mul(normalized, tf.mean(tf.mul(g, normalized), 1, true)), tf.mean(g, 1, true))
    const dx = tf.mul(tf.sub(g, projected), inverse)
    return [dx, tf.sum(tf.mul(dy, normalized), 0), tf.sum(dy, 0)]
  },
}
