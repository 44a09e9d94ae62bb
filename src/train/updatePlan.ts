import { add, divide, minimum, multiply, sqrt, squaredNorm } from '../graph/elementwise.ts'
import { program } from '../graph/program.ts'
import { input, scalar } from '../graph/sources.ts'
import { Graph, type Tensor } from '../graph/tensor.ts'
import type { UpdatePlan } from '../engines/engine.ts'
import type { OptimizerDefinition } from './optimizers/optimizer.ts'

/**
 * One optimizer step over flat vectors, after clipping by the norm of all gradients together
 * (torch.nn.utils.clip_grad_norm_: factor min(1, max / (norm + 1e-6)); the reported norm is the one before).
 */
export function updatePlan(
  optimizer: OptimizerDefinition,
  args: Readonly<Record<string, unknown>>,
  clipNorm: number | null,
): UpdatePlan {
  const slots = optimizer.slots(args)
  const build = (lengths: readonly number[]) => {
    const graph = new Graph()
    graph.scope = optimizer.name
    const scalars = new Map<string, Tensor>()
    const scalarInput = (name: string): Tensor => {
      const known = scalars.get(name) ?? input(graph, name, [1])
      scalars.set(name, known)
      return known
    }
    const flat = (name: string, chunk: number): Tensor => input(graph, `${name}:${chunk}`, [lengths[chunk]])
    const gradients = lengths.map((_, chunk) => flat('gradient', chunk))
    const gradientNorm = sqrt(gradients.map(squaredNorm).reduce((sum, each) => add(sum, each)))
    const factor = clipNorm === null ? undefined : clipFactor(gradientNorm, clipNorm)

    const outputs = new Map<string, Tensor>()
    for (const [chunk, gradient] of gradients.entries()) {
      const inputs = {
        parameters: flat('parameters', chunk),
        gradient: factor === undefined ? gradient : multiply(gradient, factor),
        slot: (name: string) => flat(name, chunk),
        scalar: scalarInput,
      }
      const results = optimizer.build(inputs, args)
      outputs.set(`next:parameters:${chunk}`, results.parameters)
      for (const [name, slot] of Object.entries(results.slots)) outputs.set(`next:${name}:${chunk}`, slot)
    }
    return program(graph, { outputs: outputs.set('gradientNorm', gradientNorm) })
  }
  return { slots, build }
}

function clipFactor(norm: Tensor, largest: number): Tensor {
  return minimum(divide(scalar(norm.graph, largest), add(norm, 1e-6)), 1)
}
