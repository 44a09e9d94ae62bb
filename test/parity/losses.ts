import type { LossConfig } from '../../src/core/experiment.ts'
import { add, multiply } from '../../src/graph/elementwise.ts'
import { differentiate } from '../../src/graph/gradients.ts'
import { program, type Program } from '../../src/graph/program.ts'
import { input } from '../../src/graph/sources.ts'
import { Graph, size, type Shape } from '../../src/graph/tensor.ts'
import { PixelScores } from '../../src/train/losses/loss.ts'
import { losses } from '../../src/train/losses/registry.ts'
import { runLowered } from '../engines/runLowered.ts'
import { readJson, readTensors, valuesOf, type FixtureTensors } from './fixtureFiles.ts'
import type { Lowering } from './lowerings.ts'
import { attempt, compared, notImplemented, type Measure, type ParityRow } from './row.ts'
import { readTolerance } from './tolerance.ts'

export interface LossCase {
  readonly id: string
  /** A library's name, or several joined by "+" with `args.weights`. */
  readonly loss: string
  readonly args: Readonly<Record<string, unknown>>
  /** Name of the logits and targets. */
  readonly data: string
  /** Text where the library gives no number ("NaN", "empty tensor"), absent where it raises. */
  readonly value?: number | string
}

interface LossFixture {
  readonly tolerance: { readonly value: string; readonly gradient: string }
  readonly cases: readonly LossCase[]
  readonly tensors: FixtureTensors
}

export function readLosses(folder: string): LossFixture {
  return { ...(readJson(folder, 'cases.json') as Omit<LossFixture, 'tensors'>), tensors: readTensors(folder) }
}

/** What a case says besides arguments of ours: ignored labels are told by their value, "balanced" comes with its numbers. */
const others = ['mode', 'ignore_index', 'weights', 'resolved_weight', 'counts']

/** Their names for our arguments. */
function ourArguments({ weight, ...args }: LossCase['args']): Record<string, unknown> {
  if (weight === undefined) return args
  return { ...args, class_weights: weight === 'balanced' ? args['resolved_weight'] : weight }
}

/** Why ours cannot compute a case, or undefined where it can. */
export function missingLoss({ tensors }: LossFixture, { loss, args, value, data }: LossCase): string | undefined {
  if (value === undefined) return 'no reference: the library raises an error'
  const isIgnored = (label: number): boolean => label === args['ignore_index']
  if (typeof value === 'string' && !Array.from(valuesOf(tensors, `data/${data}/target`)).every(isIgnored))
    return `no reference: the library makes "${value}" of labels that count`
  const { mode } = args
  if (mode !== undefined && mode !== 'multiclass') return `mode ${JSON.stringify(mode)}`
  const { shape } = tensors.get(`data/${data}/target`)!
  if (shape.length !== 3) return `targets [${shape.join(', ')}] that are no class indices`
  const names = loss.split('+')
  const unknown = names.find((name) => !losses.names.includes(name))
  if (unknown !== undefined) return `loss ${unknown}`
  const known = [...others, ...names.flatMap((name) => Object.keys(losses.get(name).arguments.shape))]
  const argument = Object.keys(ourArguments(args)).find((key) => !known.includes(key))
  return argument && `argument ${argument}`
}

function lossConfigs({ loss, args }: LossCase): readonly LossConfig[] {
  const { weights } = args as { weights?: readonly number[] }
  return loss.split('+').map((name, index) => ({ ...ourArguments(args), name, weight: weights?.[index] ?? 1 }))
}

/** Outputs `loss` [1] and `gradient:logits` of the logits, which come in as [N, C, H, W]; labels as "target", int32 [N·H·W]. */
function lossProgram(configs: readonly LossConfig[], shape: Shape): Program {
  const graph = new Graph()
  const logits = input(graph, 'logits', shape)
  const target = input(graph, 'target', [size(shape) / shape[1]], 'data', 'int32')
  const scores = new PixelScores(logits, target)
  const loss = configs
    .map((config) => {
      const definition = losses.get(config.name)
      return multiply(definition.build({ scores, args: definition.arguments.parse(config) }), config.weight)
    })
    .reduce((sum, part) => add(sum, part))
  const gradient = differentiate(loss, [logits]).get(logits)!
  return program(graph, { outputs: new Map(Object.entries({ loss, 'gradient:logits': gradient })) })
}

export async function runLoss(
  { lower }: Lowering,
  configs: readonly LossConfig[],
  shape: Shape,
  logits: ArrayLike<number>,
  target: ArrayLike<number>,
): Promise<{ readonly loss: number; readonly gradient: Float32Array }> {
  const data = new Map<string, Float32Array | Int32Array>([
    ['logits', Float32Array.from(logits)],
    ['target', Int32Array.from(target)],
  ])
  const { results } = await runLowered(lower(lossProgram(configs, shape)), { data })
  return { loss: results.get('loss')![0], gradient: results.get('gradient:logits') as Float32Array }
}

/** A case against its reference; what the library leaves without a number is 0 here, without a gradient (definitions 2.1). */
export async function checkLoss(
  { tolerance, tensors }: LossFixture,
  one: LossCase,
  lowering: Lowering,
): Promise<ParityRow> {
  const logits = tensors.get(`data/${one.data}/logits`)!
  const labels = Array.from(valuesOf(tensors, `data/${one.data}/target`), (label) =>
    label === one.args['ignore_index'] ? -1 : label,
  )
  const { shape } = logits
  const ours = await runLoss(lowering, lossConfigs(one), shape, valuesOf(tensors, `data/${one.data}/logits`), labels)

  const value = typeof one.value === 'number' ? one.value : 0
  const hasGradient = typeof one.value === 'number' && tensors.has(`grad/${one.id}`)
  const slopes = hasGradient ? valuesOf(tensors, `grad/${one.id}`) : new Float32Array(size(shape))
  const allowed = readTolerance(tolerance.value)
  return compared(`${one.id} ${lowering.name}`, {
    value: { error: Math.abs(ours.loss - value), tolerance: allowed.absolute + allowed.relative * Math.abs(value) },
    gradient: gradientMeasure(ours.gradient, slopes, tolerance.gradient, one),
  })
}

function gradientMeasure(ours: Float32Array, reference: ArrayLike<number>, text: string, one: LossCase): Measure {
  const { absolute, relative } = readTolerance(text)
  const relaxed = /; (\S+) for (.*)$/.exec(text)
  const names = [`data=${one.data}`, ...one.loss.split('+').map((name) => name.replace(/Loss$/, ''))]
  const isRelaxed = relaxed !== null && names.some((name) => relaxed[2].split(/[ ,]+/).includes(name))
  let [error, largest] = [0, 0]
  for (let index = 0; index < reference.length; index++) {
    largest = Math.max(largest, Math.abs(reference[index]))
    error = Math.max(error, Math.abs(ours[index] - reference[index]))
  }
  if (ours.length !== reference.length) error = NaN
  return { error, tolerance: absolute + (isRelaxed ? Number(relaxed[1]) : relative) * largest }
}

export async function* lossRows(folder: string, all: readonly Lowering[]): AsyncIterable<ParityRow> {
  const fixture = readLosses(folder)
  for (const one of fixture.cases) {
    const missing = missingLoss(fixture, one)
    if (missing !== undefined) yield notImplemented(one.id, missing)
    else
      for (const lowering of all)
        yield await attempt(`${one.id} ${lowering.name}`, () => checkLoss(fixture, one, lowering))
  }
}
