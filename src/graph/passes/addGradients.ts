import { multiply } from '../elementwise.ts'
import { differentiate } from '../gradients.ts'
import { isOperation, type Program } from '../program.ts'
import { input } from '../sources.ts'
import type { HalfType, Tensor } from '../tensor.ts'
import { autocast } from './autocast.ts'
import { fuseBatchNorm } from './fuseBatchNorm.ts'
import { fuseConvolutions } from './fuseConvolutions.ts'
import { fuseGradientSums } from './fuseGradientSums.ts'

/** In which numbers a training program computes. */
export interface NumberForm {
  /** Of convolutions; everything else, and without it everything, is float32. */
  readonly half?: HalfType | undefined
  /** The gradients are those of loss · `loss_scale`, an input [1]: small ones would vanish in half precision. */
  readonly isScaled?: boolean
}

/**
 * A training program from a forward one: fused, with the gradient of output `loss` by every parameter that it depends on,
 * and the sums of gradients fused again.
 */
export function addGradients(forward: Program, { half, isScaled = false }: NumberForm = {}): Program {
  const fused = fuseBatchNorm(fuseConvolutions(forward))
  const mixed = half === undefined ? fused : autocast(fused, half)
  const loss = mixed.outputs.get('loss')
  if (loss === undefined) throw new Error('a training program has an output "loss"')
  const parameters = mixed.graph.nodes.flatMap((node) => (isOperation(node, 'parameter') ? [...node.outputs] : []))
  const slopes = differentiate(isScaled ? scaled(loss) : loss, parameters)
  const gradients = Array.from(slopes, ([parameter, gradient]) => ({ parameter, gradient }))
  return fuseGradientSums({ ...mixed, gradients })
}

function scaled(loss: Tensor): Tensor {
  return multiply(loss, input(loss.graph, 'loss_scale', [1]))
}
