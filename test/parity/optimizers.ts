import { OnnxTrainingEngine } from '../../src/engines/onnx/trainingEngine.ts'
import type { Arrays, Tensors, TrainingEngine, TrainingPlan } from '../../src/engines/engine.ts'
import { conv2d } from '../../src/graph/convolution.ts'
import { add, multiply, total } from '../../src/graph/elementwise.ts'
import { addGradients } from '../../src/graph/passes/addGradients.ts'
import { program, type Program } from '../../src/graph/program.ts'
import { constant, input, parameter } from '../../src/graph/sources.ts'
import { Graph, size, type Tensor } from '../../src/graph/tensor.ts'
import type { OptimizerDefinition } from '../../src/train/optimizers/optimizer.ts'
import { optimizers } from '../../src/train/optimizers/registry.ts'
import { averageScalars, averageSlot, initialSlots } from '../../src/train/averageWeights.ts'
import { parameterGroups, type ParameterGroups } from '../../src/train/optimizers/parameterGroups.ts'
import { inGroupOrder, stepScalars, updatePlan } from '../../src/train/updatePlan.ts'
import { readJson, readTensors, valuesOf, type FixtureTensors } from './fixtureFiles.ts'
import type { Lowering } from './lowerings.ts'
import { attempt, compared, notImplemented, worst, type Measure, type ParityRow } from './row.ts'
import { readTolerance, type Tolerance } from './tolerance.ts'

interface OptimizerCase {
  readonly arguments: Readonly<Record<string, unknown>>
  /** Norms of the gradient before clipping. */
  readonly per_step?: readonly number[]
}

interface GroupOfCase {
  readonly params: readonly string[]
  readonly lr: number
  readonly weight_decay: number
}

interface OptimizerFixture {
  readonly tolerance: string
  readonly cases: Readonly<Record<string, OptimizerCase>>
  readonly tensors: FixtureTensors
}

export function readOptimizers(folder: string): OptimizerFixture {
  return { ...(readJson(folder, 'cases.json') as Omit<OptimizerFixture, 'tensors'>), tensors: readTensors(folder) }
}

/** What a case says besides arguments of the optimizer (AdaBelief's `rectify` is false); the first line is for the reader. */
const others = [
  ...['library', 'rectify', 'note', 'last_group', 'start'],
  ...['optimizer', 'max_norm', 'clip_value', 'accumulate_grad_batches', 'decay', 'groups'],
]

/** The optimizer of a case stands in its arguments, or its name begins with it. */
function nameOf(name: string, { arguments: { optimizer, base = optimizer } }: OptimizerCase): string {
  return typeof base === 'string' ? base : name.split('-')[0]
}

/** The arguments of a case as ours are written: those of Lookahead in one of their own. */
function argumentsOf({ arguments: { base, k, alpha, ...given } }: OptimizerCase): OptimizerCase['arguments'] {
  return base === undefined ? given : { ...given, lookahead: { k, alpha } }
}

/** Why ours cannot run a case, or undefined where it can. */
export function missingOptimizer(name: string, one: OptimizerCase): string | undefined {
  const optimizer = nameOf(name, one)
  if (!optimizers.names.includes(optimizer)) return `optimizer ${optimizer}`
  const { base, library } = one.arguments
  if (base !== undefined && library === 'timm') return 'Lookahead of timm, which is not that of the paper'
  const known = [...others, ...Object.keys(optimizers.get(optimizer).arguments.shape)]
  const argument = Object.keys(argumentsOf(one)).find((key) => !known.includes(key))
  return argument && `argument ${argument}`
}

/** Tensors of a case by parameter: `start` or `gradients`, its own ones where it brings them. */
function inputsOf(tensors: FixtureTensors, name: string, kind: 'start' | 'gradients'): Map<string, StartTensor> {
  const keys = [...tensors.keys()]
  const prefix = keys.some((key) => key.startsWith(`${name}/${kind}/`)) ? `${name}/${kind}/` : `${kind}/`
  const chosen = keys.filter((key) => key.startsWith(prefix))
  return new Map(
    chosen.map((key) => {
      return [
        key.slice(prefix.length),
        { shape: tensors.get(key)!.shape, data: Float32Array.from(valuesOf(tensors, key)) },
      ]
    }),
  )
}

interface StartTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

function given(graph: Graph, name: string, shape: readonly number[]): Tensor {
  return input(graph, `gradient of ${name}`, shape)
}

/**
 * A program whose gradient is what it is fed: d Σ p·g / dp = g. A tensor is the weight of a 1×1 convolution of the unit matrix,
 * so that it lies in a lowering's own order.
 */
export function givenGradients(start: ReadonlyMap<string, StartTensor>): Program {
  const graph = new Graph()
  const loss = Array.from(start, ([name, { shape }]) => {
    if (shape.length === 1) return total(multiply(parameter(graph, name, shape), given(graph, name, shape)))
    const [rows, rowLength] = [shape[0], size(shape.slice(1))]
    const identity = Float32Array.from({ length: rowLength ** 2 }, (_, i) => (i % (rowLength + 1) === 0 ? 1 : 0))
    const weight = parameter(graph, name, [rows, rowLength, 1, 1])
    const y = conv2d(constant(graph, identity, [1, rowLength, 1, rowLength]), weight)
    return total(multiply(y, given(graph, name, [1, rows, 1, rowLength])))
  }).reduce((sum, part) => add(sum, part))
  return addGradients(program(graph, { outputs: new Map([['loss', loss]]) }))
}

/** One of the engines that a case runs on. */
export interface OptimizerEngine {
  readonly name: string
  compile(plan: TrainingPlan): Promise<TrainingEngine>
}

export function onOnnxRuntime({ name, lower }: Lowering): OptimizerEngine {
  return { name, compile: (plan) => OnnxTrainingEngine.compile(plan, lower, { threads: 1 }) }
}

interface OptimizerRun {
  readonly optimizer: OptimizerDefinition
  readonly args: Readonly<Record<string, unknown>>
  readonly lr: number
  readonly clipNorm?: number | null
  readonly clipValue?: number | null
  readonly accumulate?: number
  /** Decay of an average of the weights (EMA), which is then what a step gives. */
  readonly averageDecay?: number | undefined
  readonly groups?: ParameterGroups
  readonly start: ReadonlyMap<string, StartTensor>
  /** Gradients of all micro-batches, one after the other. */
  readonly gradients: ReadonlyMap<string, StartTensor>
}

interface OptimizerSteps {
  /** Every parameter after every step. */
  readonly parameters: readonly Tensors[]
  /** Norm of all gradients together before clipping, at every step. */
  readonly norms: readonly number[]
}

/** Trains with given gradients on a training engine itself; a shorter last group divides by its own number. */
export async function runOptimizer(on: OptimizerEngine, run: OptimizerRun): Promise<OptimizerSteps> {
  const { optimizer, args, lr, clipNorm = null, clipValue = null, accumulate = 1, start, gradients } = run
  const { groups = parameterGroups(args), averageDecay } = run
  const lengths = new Map(Array.from(start, ([name, { data }]) => [name, data.length]))
  const isAveraging = averageDecay !== undefined
  const update = updatePlan(optimizer, args, clipNorm, { clipValue, isAveraging, groups })
  const engine = await on.compile({ gradient: inGroupOrder(givenGradients(start), update), update, accumulate })
  const [[first, { data }]] = start
  const batches = gradients.get(first)!.data.length / data.length
  const parameters: Tensors[] = []
  const norms: number[] = []
  try {
    engine.load(start)
    engine.loadSlots(initialSlots(update.slots, start))
    for (let batch = 0; batch < batches; batch += accumulate) {
      const group = Math.min(accumulate, batches - batch)
      for (let index = 0; index < group; index++) {
        await engine.computeGradient(gradientsAt(gradients, lengths, batch + index))
        if (accumulate > 1) await engine.accumulateGradient(1 / group, index === 0)
      }
      const step = norms.length + 1
      const rates = { lr, lrOf: (factor: number) => lr * factor }
      const average = isAveraging ? averageScalars({ decay: averageDecay, warmup: false }, step) : {}
      norms.push(await engine.update({ ...stepScalars(optimizer, groups, rates, step), ...average }))
      parameters.push(isAveraging ? averages(await engine.saveSlots([averageSlot])) : await engine.save())
    }
  } finally {
    await engine.dispose()
  }
  return { parameters, norms }
}

function averages(slots: Tensors): Tensors {
  return new Map(Array.from(slots, ([key, tensor]) => [key.slice(averageSlot.length + 1), tensor]))
}

function gradientsAt(
  gradients: OptimizerRun['gradients'],
  lengths: ReadonlyMap<string, number>,
  batch: number,
): Arrays {
  return Object.fromEntries(
    Array.from(lengths, ([name, length]) => [
      `gradient of ${name}`,
      gradients.get(name)!.data.slice(batch * length, (batch + 1) * length),
    ]),
  )
}

/** The groups of a case, by the names of their parameters; what its arguments ask for where it has none. */
function groupsOf({ arguments: given }: OptimizerCase, args: Readonly<Record<string, unknown>>): ParameterGroups {
  const groups = given['groups'] as readonly GroupOfCase[] | undefined
  if (groups === undefined) return parameterGroups(args)
  return {
    groups: groups.map(({ lr, weight_decay }) => ({
      args: { ...args, weight_decay },
      lrFactor: lr / Number(args['lr']),
      stepsBefore: 0,
    })),
    groupOf: ({ key }) => groups.findIndex(({ params }) => params.includes(key)),
  }
}

export async function checkOptimizer(
  { tolerance: text, cases, tensors }: OptimizerFixture,
  name: string,
  engine: OptimizerEngine,
): Promise<ParityRow> {
  const one = cases[name]
  const optimizer = optimizers.get(nameOf(name, one))
  const args = optimizer.arguments.parse(argumentsOf(one))
  const {
    max_norm: clipNorm,
    clip_value: clipValue,
    accumulate_grad_batches: accumulate,
    decay: averageDecay,
  } = one.arguments as Record<string, number | undefined>
  const start = inputsOf(tensors, name, 'start')
  const gradients = inputsOf(tensors, name, 'gradients')
  const steps = { optimizer, args, lr: Number(args['lr']), clipNorm, clipValue, accumulate, averageDecay }
  const groups = groupsOf(one, args)
  const { parameters, norms } = await runOptimizer(engine, { ...steps, groups, start, gradients })

  const tolerance = readTolerance(text)
  const errors = [...start.keys()].flatMap((key) => {
    const ours = parameters.flatMap((tensorsOfStep) => [...valuesOf(tensorsOfStep, key)])
    return differences(ours, valuesOf(tensors, `${name}/${key}`), tolerance)
  })
  return compared(`${name} ${engine.name}`, {
    value: worst(errors),
    gradient: one.per_step && worst(differences(norms, one.per_step, tolerance)),
    note: one.per_step && 'gradient: its norm before clipping',
  })
}

/** The absolute part of the tolerance is for values up to 1 and grows with the largest reference of a tensor. */
function differences(ours: readonly number[], reference: ArrayLike<number>, tolerance: Tolerance): Measure[] {
  if (ours.length !== reference.length) throw new Error(`${ours.length} values for ${reference.length}`)
  const expected = Array.from(reference)
  const floor = tolerance.absolute * expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1)
  return expected.map((value, index) => ({
    error: Math.abs(ours[index] - value),
    tolerance: floor + tolerance.relative * Math.abs(value),
  }))
}

export async function* optimizerRows(folder: string, all: readonly Lowering[]): AsyncIterable<ParityRow> {
  const fixture = readOptimizers(folder)
  for (const [name, one] of Object.entries(fixture.cases)) {
    const missing = missingOptimizer(name, one)
    if (missing !== undefined) yield notImplemented(name, missing)
    else
      for (const lowering of all)
        yield await attempt(`${name} ${lowering.name}`, () => checkOptimizer(fixture, name, onOnnxRuntime(lowering)))
  }
}
