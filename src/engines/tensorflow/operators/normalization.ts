import type { Operators, TensorFlow, Value } from '../operator.ts'
import { activate, activationGradient } from './activation.ts'
import { scaleSamples } from './channels.ts'
import { mapExtents } from '../operator.ts'

/** All axes of a held map but the channels. */
const pixels = [0, 1, 2]

type Names = 'batchNorm' | 'batchNormAgain' | 'batchNormGradient' | 'batchNormInference'

export const normalizationOperators: Operators<Names> = {
  batchNorm: (tf, [x, gamma, beta, skip, sampleScale], { attributes: { epsilon, activation } }) => {
    const mean = tf.mean(x, pixels)
    const centred = tf.sub(x, mean)
    const variance = tf.mean(tf.square(centred), pixels)
    const scale = tf.mul(gamma, inverseDeviation(tf, variance, epsilon))
    const normalized = tf.add(tf.mul(centred, scale), beta)
    const scaled = sampleScale ? scaleSamples(tf, normalized, sampleScale) : normalized
    const preactivation = skip ? tf.add(scaled, skip) : scaled
    return [activate(tf, activation, preactivation), mean, variance, preactivation]
  },

  /** The interpreter runs nodes in their order, and this one stands after the value that it waits for. */
  batchNormAgain: (tf, inputs, { attributes: { epsilon, activation } }) => {
    const [x, gamma, beta, mean, variance, , skip, sampleScale] = inputs
    const scale = tf.mul(gamma, inverseDeviation(tf, variance, epsilon))
    const normalized = tf.add(tf.mul(tf.sub(x, mean), scale), beta)
    const scaled = sampleScale ? scaleSamples(tf, normalized, sampleScale) : normalized
    const preactivation = skip ? tf.add(scaled, skip) : scaled
    return [activate(tf, activation, preactivation), preactivation]
  },

  /**
   * With ds = sampleScale · dz, x̂ = (x − m)/σ and M pixels: dβ = Σds, dγ = Σds·x̂ and
   * dx = γ/σ · (ds − dβ/M − x̂·dγ/M).
   */
  batchNormGradient: (tf, [x, y, preactivation, dy, gamma, mean, variance, sampleScale], { attributes }) => {
    const [N, H, W] = mapExtents(x)
    const dz = activationGradient(tf, attributes.activation, preactivation, y, dy)
    const ds = sampleScale ? scaleSamples(tf, dz, sampleScale) : dz
    const inverse = inverseDeviation(tf, variance, attributes.epsilon)
    const normalized = tf.mul(tf.sub(x, mean), inverse)
    const dBeta = tf.sum(ds, pixels)
    const dGamma = tf.sum(tf.mul(ds, normalized), pixels)
    const throughStatistics = tf.div(tf.add(dBeta, tf.mul(normalized, dGamma)), N * H * W)
    const dx = tf.mul(tf.sub(ds, throughStatistics), tf.mul(gamma, inverse))
    return [dx, dGamma, dBeta, dz]
  },

  batchNormInference: (tf, [x, gamma, beta, mean, variance], { attributes: { epsilon } }) => {
    const scale = tf.mul(gamma, inverseDeviation(tf, variance, epsilon))
    return tf.add(tf.mul(tf.sub(x, mean), scale), beta)
  },
}

function inverseDeviation(tf: TensorFlow, variance: Value, epsilon: number): Value {
  return tf.rsqrt(tf.add(variance, epsilon))
}
