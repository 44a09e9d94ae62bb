import { differentiate } from '../gradients.ts'
import { isOperation, type Program } from '../program.ts'
import { fuseBatchNorm } from './fuseBatchNorm.ts'
import { fuseConvolutions } from './fuseConvolutions.ts'
import { fuseGradientSums } from './fuseGradientSums.ts'

/**
 * A training program from a forward one: fused, with the gradient of output `loss` by every parameter that it depends on,
 * and the sums of gradients fused again.
 */
export function addGradients(forward: Program): Program {
  const fused = fuseBatchNorm(fuseConvolutions(forward))
  const loss = fused.outputs.get('loss')
  if (loss === undefined) throw new Error('a training program has an output "loss"')
  const parameters = fused.graph.nodes.flatMap((node) => (isOperation(node, 'parameter') ? [...node.outputs] : []))
  const gradients = Array.from(differentiate(loss, parameters), ([parameter, gradient]) => ({ parameter, gradient }))
  return fuseGradientSums({ ...fused, gradients })
}
