import { add, exp, greater, log, multiply, subtract } from '../../graph/elementwise.ts'
import type { Tensor } from '../../graph/tensor.ts'

/**
 * log(1 + e^z) without overflow: the binary cross entropy of a logit x against t is that of z = (1 − 2t)·x, element by
 * element, and z minus it is the logarithm of one minus the probability of the truth.
 */
export function softplus(z: Tensor): Tensor {
  // Not maximum(z, 0): its gradient at 0 is 0, and logits of a head that starts at 0 would never move.
  const positive = multiply(z, greater(z, 0))
  return add(positive, log(add(exp(subtract(z, multiply(positive, 2))), 1)))
}
