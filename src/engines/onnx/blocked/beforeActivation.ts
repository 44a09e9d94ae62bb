import type { NodeOf } from '../../../graph/tensor.ts'
import { activationGradient, isBelow } from '../operators/activation.ts'
import type { BlockedValues } from './values.ts'

/** dY times the derivative of the activation: the gradient by the normalized map. */
export function beforeActivation(values: BlockedValues, node: NodeOf<'batchNormGradient'>): string {
  const [, y, z, dy] = node.inputs
  const { activation } = node.attributes
  const [C, gradient] = [values.padded(y.shape[1]), values.blocked(dy)]
  if (activation === 'silu') return siluGradient(values, values.blocked(z), values.blocked(y), gradient, C)
  if (activation === 'relu6') return relu6Gradient(values, values.blocked(y), gradient, C)
  return activationGradient(values.emitter, activation, values.blocked(z), values.blocked(y), gradient)
}

/** dy · σ(z)·(1 + z − y); the sum in brackets is one affine pass over y with z added. */
function siluGradient(values: BlockedValues, z: string, y: string, dy: string, C: number): string {
  const { emitter } = values
  const slope = values.affine(y, emitter.filled([C, 1, 1, 1], -1), C, { bias: emitter.filled([C], 1), sum: z })
  return emitter.multiply(dy, emitter.multiply(emitter.op('Sigmoid', [z]), slope))
}

/** dy where 0 < y < 6, that is |y − 3| < 3: one comparison for both bounds. A y below 2e-7 counts as 0. */
function relu6Gradient(values: BlockedValues, y: string, dy: string, C: number): string {
  const { emitter } = values
  const distance = values.affine(y, emitter.filled([C, 1, 1, 1], 1), C, {
    bias: emitter.filled([C], -3),
    activation: 'Abs',
  })
  return emitter.multiply(dy, isBelow(emitter, distance, 3))
}
