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
  const build = (length: number) => {
    const graph = new Graph()
    graph.scope = optimizer.name
    const flat = (name: string): Tensor => input(graph, name, [length], 'flat')
    const [parameters, gradient] = [flat('parameters'), flat('gradient')]
    const slotInputs = new Map(slots.map((name) => [name, flat(name)]))
    const scalars = new Map<string, Tensor>()
    const gradientNorm = sqrt(squaredNorm(gradient))
    const results = optimizer.build(
      {
        parameters,
        gradient: clipNorm === null ? gradient : multiply(gradient, clipFactor(gradientNorm, clipNorm)),
        slot: (name) => slotInputs.get(name)!,
        scalar: (name) => {
          const known = scalars.get(name) ?? input(graph, name, [1], 'scalar')
          scalars.set(name, known)
          return known
        },
      },
      args,
    )
    const next = Object.entries({ parameters: results.parameters, ...results.slots })
    const outputs = new Map(next.map(([name, tensor]) => [`next:${name}`, tensor]))
    return program(graph, { outputs: outputs.set('gradientNorm', gradientNorm) })
  }
  return { slots, build }
}

function clipFactor(norm: Tensor, largest: number): Tensor {
  return minimum(divide(scalar(norm.graph, largest), add(norm, 1e-6)), 1)
}
