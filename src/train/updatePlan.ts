import {
  add,
  divide,
  greater,
  maximum,
  minimum,
  multiply,
  reduceSum,
  reshape,
  select,
  sqrt,
  squaredNorm,
} from '../graph/elementwise.ts'
import { isOperation, program, type Program } from '../graph/program.ts'
import { input, scalar } from '../graph/sources.ts'
import { Graph, size, type Tensor } from '../graph/tensor.ts'
import type { Chunk, StoredRows, UpdatePlan } from '../engines/engine.ts'
import { averagedParameters, averageSlot } from './averageWeights.ts'
import type { OptimizerDefinition, OptimizerInputs, OptimizerResults, TensorRows } from './optimizers/optimizer.ts'
import { parameterGroups, type ParameterGroups } from './optimizers/parameterGroups.ts'

export interface UpdateOptions {
  /** Largest size of one element of the gradient; null does not clamp. */
  readonly clipValue?: number | null | undefined
  /** Whether an average of the weights is kept (EMA). */
  readonly isAveraging?: boolean
  /**
   * The gradients come multiplied by a loss scale, its inverse as the scalar `inverse_scale`; where they are not finite,
   * nothing changes.
   */
  readonly isScaled?: boolean | undefined
  /** In place of those that the arguments ask for. */
  readonly groups?: ParameterGroups
}

/**
 * One optimizer step over flat vectors, after clipping by the norm of all gradients together
 * (torch.nn.utils.clip_grad_norm_: factor min(1, max / (norm + 1e-6)); the reported norm is the one before), then by value
 * (clip_grad_value_: every element between −max and max).
 */
export function updatePlan(
  optimizer: OptimizerDefinition,
  args: Readonly<Record<string, unknown>>,
  clipNorm: number | null,
  {
    clipValue = null,
    isAveraging = false,
    isScaled = false,
    groups: given = parameterGroups(args),
  }: UpdateOptions = {},
): UpdatePlan {
  const { groups, groupOf } = given
  const build = (chunks: readonly Chunk[]) => {
    const graph = new Graph()
    graph.scope = optimizer.name
    const named = inputsOf(graph)
    const scalarOf = (name: string): Tensor => named(name, 1)
    const flat = (name: string, chunk: number): Tensor => named(`${name}:${chunk}`, chunks[chunk].length)
    const gradients = chunks.map((_, chunk) => {
      const gradient = flat('gradient', chunk)
      return isScaled ? multiply(gradient, scalarOf('inverse_scale')) : gradient
    })
    const gradientNorm = sqrt(gradients.map(squaredNorm).reduce((sum, each) => add(sum, each)))
    const factor = clipNorm === null ? undefined : clipFactor(gradientNorm, clipNorm)

    // Neither infinite nor NaN is less.
    const isFinite = isScaled ? greater(largestFloat, gradientNorm) : undefined
    const taken = (next: Tensor, before: Tensor): Tensor =>
      isFinite === undefined ? next : select(isFinite, next, before)

    const steps = chunks.map(({ group, tensor }, chunk) => {
      const inputs: OptimizerInputs = {
        parameters: flat('parameters', chunk),
        gradient: clipped(gradients[chunk], factor, clipValue),
        slot: (name: string) => flat(name, chunk),
        scalar: (name) => scalarOf(groups.length > 1 ? `${name}@${group}` : name),
      }
      const groupArgs = groups[group].args
      if (tensor === undefined) return { results: optimizer.build(inputs, groupArgs) }
      return { tensor, rowStep: optimizer.buildByRows!(inputs, groupArgs) }
    })
    const sums = new RowSums()
    for (const { tensor, rowStep } of steps) if (rowStep !== undefined) sums.add(tensor, rowStep.summands)

    const outputs = new Map<string, Tensor>()
    for (const [chunk, { tensor, rowStep, results }] of steps.entries()) {
      const { parameters, slots } = rowStep === undefined ? results : sums.finish(tensor, rowStep.finish)
      const next: Record<string, Tensor> = { parameters, ...slots }
      if (isAveraging) next[averageSlot] = averagedParameters(parameters, flat(averageSlot, chunk), scalarOf)
      for (const [name, value] of Object.entries(next))
        outputs.set(`next:${name}:${chunk}`, taken(value, flat(name, chunk)))
    }
    return program(graph, { outputs: outputs.set('gradientNorm', gradientNorm) })
  }
  return {
    slots: [...optimizer.slots(args), ...(isAveraging ? [averageSlot] : [])],
    groupOf: groups.length > 1 ? groupOf : undefined,
    isByTensor: optimizer.buildByRows !== undefined,
    build,
  }
}

/** What the schedule gives one step. */
export interface StepRates {
  /** The experiment's own, which is reported. */
  readonly lr: number
  /** Learning rate of a group whose base rate is `factor` times the experiment's. */
  lrOf(factor: number): number
  /** Momentum (or β₁) of this step and of the one before, where a schedule moves it. */
  readonly momentum?: { readonly now: number; readonly before: number } | undefined
}

/** One rate, in which no schedule has a say. */
export function constantRates(lr: number): StepRates {
  return { lr, lrOf: (factor) => lr * factor }
}

/** Scalars of one step of all groups, under the names that the plan's program takes. @param step counted from 1 */
export function stepScalars(
  optimizer: OptimizerDefinition,
  { groups }: Pick<ParameterGroups, 'groups'>,
  rates: StepRates,
  step: number,
): Readonly<Record<string, number>> {
  const { momentum } = rates
  const all = groups.map(({ args, lrFactor, stepsBefore }) => {
    const at = (value: number) => optimizer.withMomentum?.(args, value) ?? args
    const [now, before] = momentum === undefined ? [args, args] : [at(momentum.now), at(momentum.before)]
    // Of a group that still stands still the scalars are not used.
    return optimizer.scalars(now, rates.lrOf(lrFactor), Math.max(1, step - stepsBefore), before)
  })
  if (all.length === 1) return all[0]
  return Object.fromEntries(
    all.flatMap((scalars, group) => Object.entries(scalars).map(([name, value]) => [`${name}@${group}`, value])),
  )
}

/** The program with its gradients in the order in which the update takes them: group by group, vectors after tensors. */
export function inGroupOrder(gradient: Program, { groupOf, isByTensor }: UpdatePlan): Program {
  if (groupOf === undefined && isByTensor !== true) return gradient
  const placeOf = ({ parameter: { node, shape } }: Program['gradients'][number]): number => {
    const group = isOperation(node, 'parameter') ? groupOf?.({ key: node.attributes.name, shape }) : undefined
    return 2 * (group ?? 0) + (isByTensor === true && shape.length < 2 ? 1 : 0)
  }
  return { ...gradient, gradients: gradient.gradients.toSorted((a, b) => placeOf(a) - placeOf(b)) }
}

/** One input for each name, however often it is asked for. */
function inputsOf(graph: Graph): (name: string, length: number) => Tensor {
  const known = new Map<string, Tensor>()
  return (name, length) => {
    const tensor = known.get(name) ?? input(graph, name, [length])
    known.set(name, tensor)
    return tensor
  }
}

type ChunkTensor = NonNullable<Chunk['tensor']>

/** Sums over the rows of tensors, the pieces of a tensor together. */
class RowSums {
  private readonly tensors = new Map<string, { readonly length: number; readonly sums: readonly Tensor[] }>()

  add({ key, shape, rows }: ChunkTensor, summands: readonly Tensor[]): void {
    const own = summands.map((summand) => reduceSum(byRows(summand, rows), [1], true))
    const known = this.tensors.get(key)
    this.tensors.set(key, {
      length: (known?.length ?? 0) + size(shape),
      sums: known === undefined ? own : own.map((sum, index) => add(known.sums[index], sum)),
    })
  }

  finish(
    { key, shape, rows }: ChunkTensor,
    finish: (sums: readonly Tensor[], rows: TensorRows) => OptimizerResults,
  ): OptimizerResults {
    const { length, sums } = this.tensors.get(key)!
    const scale = (vector: Tensor, factors: Tensor): Tensor =>
      reshape(multiply(byRows(vector, rows), factors), vector.shape)
    return finish(sums, { length, rowLength: length / shape[0], scale })
  }
}

function byRows(vector: Tensor, { outer, inner, block }: StoredRows): Tensor {
  return reshape(vector, [outer, inner, block])
}

function clipped(gradient: Tensor, factor: Tensor | undefined, clipValue: number | null): Tensor {
  const scaled = factor === undefined ? gradient : multiply(gradient, factor)
  return clipValue === null ? scaled : maximum(minimum(scaled, clipValue), -clipValue)
}

const largestFloat = (2 - 2 ** -23) * 2 ** 127

function clipFactor(norm: Tensor, largest: number): Tensor {
  return minimum(divide(scalar(norm.graph, largest), add(norm, 1e-6)), 1)
}
