import { add, divide, greater, minimum, multiply, select, sqrt, squaredNorm } from '../graph/elementwise.ts'
import { program } from '../graph/program.ts'
import { input, scalar } from '../graph/sources.ts'
import { Graph, type Tensor } from '../graph/tensor.ts'
import type { UpdatePlan } from '../engines/engine.ts'
import type { OptimizerDefinition } from './optimizers/optimizer.ts'

/**
 * One optimizer step over flat vectors, after clipping by the norm of all gradients together
 * (torch.nn.utils.clip_grad_norm_: factor min(1, max / (norm + 1e-6)); the reported norm is the one before).
 * @param isScaled the gradients come multiplied by a loss scale, its inverse as the scalar `inverse_scale`; where they are
 * not finite, nothing changes
 */
export function updatePlan(
  optimizer: OptimizerDefinition,
  args: Readonly<Record<string, unknown>>,
  clipNorm: number | null,
  isScaled = false,
): UpdatePlan {
  const slots = optimizer.slots(args)
  const build = (lengths: readonly number[]) => {
    const graph = new Graph()
    graph.scope = optimizer.name
    const known = new Map<string, Tensor>()
    const named = (name: string, length: number): Tensor => {
      const tensor = known.get(name) ?? input(graph, name, [length])
      known.set(name, tensor)
      return tensor
    }
    const scalarInput = (name: string): Tensor => named(name, 1)
    const flat = (name: string, chunk: number): Tensor => named(`${name}:${chunk}`, lengths[chunk])
    const gradients = lengths.map((_, chunk) => {
      const gradient = flat('gradient', chunk)
      return isScaled ? multiply(gradient, scalarInput('inverse_scale')) : gradient
    })
    const gradientNorm = sqrt(gradients.map(squaredNorm).reduce((sum, each) => add(sum, each)))
    const factor = clipNorm === null ? undefined : clipFactor(gradientNorm, clipNorm)

    // Neither infinite nor NaN is less.
    const isFinite = isScaled ? greater(largestFloat, gradientNorm) : undefined
    const taken = (next: Tensor, before: Tensor): Tensor =>
      isFinite === undefined ? next : select(isFinite, next, before)

    const outputs = new Map<string, Tensor>()
    for (const [chunk, gradient] of gradients.entries()) {
      const inputs = {
        parameters: flat('parameters', chunk),
        gradient: factor === undefined ? gradient : multiply(gradient, factor),
        slot: (name: string) => flat(name, chunk),
        scalar: scalarInput,
      }
      const results = optimizer.build(inputs, args)
      outputs.set(`next:parameters:${chunk}`, taken(results.parameters, inputs.parameters))
      for (const [name, slot] of Object.entries(results.slots))
        outputs.set(`next:${name}:${chunk}`, taken(slot, inputs.slot(name)))
    }
    return program(graph, { outputs: outputs.set('gradientNorm', gradientNorm) })
  }
  return { slots, build }
}

const largestFloat = (2 - 2 ** -23) * 2 ** 127

function clipFactor(norm: Tensor, largest: number): Tensor {
  return minimum(divide(scalar(norm.graph, largest), add(norm, 1e-6)), 1)
}
