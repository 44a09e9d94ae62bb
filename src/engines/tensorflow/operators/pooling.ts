import type { PoolAttributes } from '../../../graph/operations.ts'
import { mapExtents, type Operators, type TensorFlow, type Value } from '../operator.ts'
import { cropped, placed, sampled, spaced } from './spacing.ts'

export const poolingOperators: Operators<'globalAveragePool' | 'spread' | 'maxPool2d' | 'maxPool2dGradient'> = {
  globalAveragePool: (tf, [x]) => tf.mean(x, [1, 2], true),
  spread: (tf, [x], { attributes: { height, width } }) => tf.tile(x, [1, height, width, 1]),
  maxPool2d: (tf, [x], { attributes, outputs: [y] }) => {
    const padded = padWith(tf, x, attributes, Number.NEGATIVE_INFINITY)
    const size = [y.shape[2], y.shape[3]] as const
    return taps(attributes)
      .map((tap) => sampled(tf, padded, tap, size, attributes.stride))
      .reduce((highest, each) => tf.maximum(highest, each))
  },
  /**
   * Each window's gradient goes to its first maximum in row-major order, as in torch. Position by position of the window:
   * the kernels of the backends choose differently among equals.
   */
  maxPool2dGradient: (tf, [x, y, dy], { attributes }) => {
    const [, H, W] = mapExtents(x)
    const [, height, width] = mapExtents(y)
    const { stride, pad } = attributes
    const padded = padWith(tf, x, attributes, Number.NEGATIVE_INFINITY)
    const whole = [H + 2 * pad, W + 2 * pad] as const
    let open: Value = tf.onesLike(y)
    let sum: Value = tf.zerosLike(padded)
    for (const tap of taps(attributes)) {
      const isMaximum = tf.cast(tf.equal(sampled(tf, padded, tap, [height, width], stride), y), 'float32')
      const taken = tf.mul(isMaximum, open)
      open = tf.sub(open, taken)
      sum = tf.add(sum, placed(tf, spaced(tf, tf.mul(dy, taken), stride), tap, whole))
    }
    return cropped(tf, sum, [pad, pad], [H, W])
  },
}

function padWith(tf: TensorFlow, x: Value, { pad }: PoolAttributes, value: number): Value {
  const [, H, W] = mapExtents(x)
  return placed(tf, x, [pad, pad], [H + 2 * pad, W + 2 * pad], value)
}

/** Where the positions of a window begin, in row-major order. */
function taps({ kernel }: PoolAttributes): readonly (readonly [row: number, column: number])[] {
  return Array.from({ length: kernel * kernel }, (_, tap) => [Math.floor(tap / kernel), tap % kernel] as const)
}
