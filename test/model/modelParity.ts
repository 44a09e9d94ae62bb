import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelConfig } from '../../src/core/experiment.ts'
import { decodeSafetensors, type NamedTensor } from '../../src/core/safetensors.ts'
import type { LoweredProgram } from '../../src/engines/onnx/lowering.ts'
import type { Program } from '../../src/graph/program.ts'
import { architectures } from '../../src/model/decoders/registry.ts'
import { encoders } from '../../src/model/encoders/registry.ts'
import { buildNetwork, type Network } from '../../src/model/network.ts'
import { checkStateDict, foldBatchNorm, type StateDict } from '../../src/model/stateDict.ts'
import { runLowered, type Feeds, type Results } from '../engines/runLowered.ts'
import { formula, formulaState, type WeightFormula } from './formulaWeights.ts'
import { inferenceProgram, trainingProgram } from './programs.ts'

export type Lower = (program: Program) => LoweredProgram

/** One comparison: the worst error over its tensors, and the tensor that has it. */
export interface ParityItem {
  readonly item: string
  readonly worst: string
  readonly error: number
  /** Of the reference: five times what PyTorch's float32 loses, at least a floor. */
  readonly tolerance: number
}

interface Summary {
  readonly l2: number
  readonly sum: number
  readonly first8?: readonly number[]
  readonly first4?: readonly number[]
}
type Tolerance = Readonly<Record<'eval' | 'train' | 'loss' | 'gradients' | 'running_stats', number>>
interface TrainReference {
  readonly weights: { readonly formula: WeightFormula; readonly seed: number }
  readonly loss: number
  readonly grad_norm: number
  readonly gradients: Readonly<Record<string, Summary | null>>
  readonly tolerance: Tolerance
}
interface Expected extends TrainReference {
  readonly arch: string
  readonly encoder_name: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly classes: number
  readonly batch: number
  readonly size: number
  readonly input_seed: number
  readonly running_stats: Readonly<Record<string, Summary>>
  readonly margin: TrainReference
}
export type ModelEntry = Pick<Expected, 'arch' | 'encoder_name' | 'arguments'>

/** Whether the reference's architecture, encoder and arguments exist here. */
export function isImplemented({ arch, encoder_name, arguments: given }: ModelEntry): boolean {
  if (!architectures.names.includes(arch) || !encoders.names.includes(encoder_name)) return false
  const known = Object.keys(architectures.get(arch).arguments.shape)
  return Object.keys(given).every((key) => known.includes(key))
}

export function configOf({ arch, encoder_name, arguments: given }: ModelEntry): ModelConfig {
  const defaults = architectures.get(arch).arguments.parse(given)
  return { arch, encoder_name, encoder_weights: null, encoder_depth: 5, in_channels: 3, ...defaults }
}

async function readJson<T>(...path: readonly string[]): Promise<T> {
  return JSON.parse(await readFile(join(...path), 'utf8')) as T
}

type Values = ArrayLike<number>
const numbers = ({ data }: NamedTensor): Values => data as Float32Array

function norm(values: Values): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index] ** 2
  return Math.sqrt(sum)
}

/** ‖a − b‖₂ over as many elements as `b` has; padding behind them in `a` does not count. */
function distance(a: Values, b: Values): number {
  let sum = 0
  for (let index = 0; index < b.length; index++) sum += (a[index] - b[index]) ** 2
  return Math.sqrt(sum)
}

function relativeL2(a: Values, b: Values): number {
  return distance(a, b) / norm(b)
}

/** Errors of a tensor of which only a summary is known, over a scale that is at least `floor`. */
function summaryError(values: Values, { l2, sum, first8, first4 }: Summary, floor = 0): number {
  const scale = Math.max(l2, floor)
  const first = first8 ?? first4 ?? []
  let total = 0
  for (let index = 0; index < values.length; index++) total += values[index]
  // A sum of n values may be off by √n times the distance.
  const sumError = Math.abs(total - sum) / Math.sqrt(values.length)
  return Math.max(Math.abs(norm(values) - l2), sumError, distance(values, first)) / scale
}

/** The worst of many comparisons; NaN counts as the worst. */
function worstOf(item: string, tolerance: number, errors: Iterable<readonly [string, number]>): ParityItem {
  let worst = ['', 0] as readonly [string, number]
  for (const each of errors) if (!(each[1] <= worst[1])) worst = each
  return { item, worst: worst[0], error: worst[1], tolerance }
}

/** What a program reads of a state, besides its data inputs. */
function stateFeeds(state: StateDict): Pick<Required<Feeds>, 'parameters' | 'buffers'> {
  const floats = [...state].flatMap(([key, { data }]) => (data instanceof Float32Array ? [[key, data] as const] : []))
  return { parameters: new Map(floats), buffers: new Map(floats) }
}

/**
 * One reference model, lowered by `lower`: eval output, then output, loss, gradients and running statistics of a train
 * step, with both sets of weights.
 * @throws UserError where the state dicts differ
 */
export async function checkModel(folder: string, lower: Lower): Promise<readonly ParityItem[]> {
  const expected = await readJson<Expected>(folder, 'expected.json')
  const { tensors } = decodeSafetensors(await readFile(join(folder, 'tensors.safetensors')))
  const { keys } = await readJson<{ keys: Readonly<Record<string, readonly number[]>> }>(folder, 'keys.json')
  const options = { batch: expected.batch, height: expected.size, width: expected.size, classes: expected.classes }
  const training = buildNetwork(configOf(expected), { ...options, mode: 'training' })
  const inference = buildNetwork(configOf(expected), { ...options, mode: 'inference' })

  const reference = new Map(Object.entries(keys).map(([key, shape]) => [key, { shape, data: emptyLike(key) }]))
  checkStateDict(training.declarations, reference, join(folder, 'keys.json'))
  const ours = training.declarations.map(({ key }) => key)
  const misplaced = ours.findIndex((key, index) => key !== [...reference.keys()][index])
  if (misplaced >= 0) throw new Error(`${ours[misplaced]} stands at another place of the state dict`)

  return [
    inputItem(folder, expected, tensors),
    await evalItem(inference, expected, tensors, lower),
    ...(await trainItems(training, expected, expected, tensors, '', lower)),
    ...(await trainItems(training, expected.margin, expected, tensors, 'margin/', lower)),
  ]
}

function emptyLike(key: string): Float32Array | BigInt64Array {
  return key.endsWith('num_batches_tracked') ? new BigInt64Array(0) : new Float32Array(0)
}

function inputItem(folder: string, { input_seed }: Expected, tensors: StateDict): ParityItem {
  const stored = numbers(tensors.get('input')!)
  const made = formula(`${basename(folder)}/input`, stored.length, input_seed, -2, 2)
  return { item: 'input formula', worst: 'input', error: distance(made, stored), tolerance: 0 }
}

async function evalItem(
  network: Network,
  { weights, tolerance }: Expected,
  tensors: StateDict,
  lower: Lower,
): Promise<ParityItem> {
  const program = inferenceProgram(network)
  const state = foldBatchNorm(formulaState(network.declarations, weights.formula, weights.seed), program.folds)
  const data = new Map([['image', tensors.get('input')!.data as Float32Array]])
  const { results } = await runLowered(lower(program), { ...stateFeeds(state), data })
  const error = relativeL2(results.get('logits')!, numbers(tensors.get('eval')!))
  return { item: 'eval', worst: 'logits', error, tolerance: tolerance.eval }
}

async function trainItems(
  network: Network,
  reference: TrainReference,
  expected: Expected,
  tensors: StateDict,
  set: '' | 'margin/',
  lower: Lower,
): Promise<readonly ParityItem[]> {
  const { weights, tolerance } = reference
  const state = formulaState(network.declarations, weights.formula, weights.seed)
  const data = new Map<string, Float32Array | Int32Array>([
    ['image', tensors.get('input')!.data as Float32Array],
    ['target', Int32Array.from(numbers(tensors.get('target')!))],
    // The references were made without stochastic depth and dropout: every image keeps everything.
    ...network.randomInputs.map(
      ({ name, valuesPerImage }) => [name, new Float32Array(expected.batch * valuesPerImage).fill(1)] as const,
    ),
  ])
  const feeds = { ...stateFeeds(state), data }
  const ran = await runLowered(lower(trainingProgram(network)), feeds)
  const loss = Math.abs(ran.results.get('loss')![0] - reference.loss) / Math.abs(reference.loss)
  const output = relativeL2(ran.results.get('logits')!, numbers(tensors.get(`${set}train`)!))
  const gradients = worstOf(
    `${set}gradients`,
    tolerance.gradients,
    gradientErrors(ran, reference, tensors, `${set}grad/`),
  )
  const items: ParityItem[] = [
    { item: `${set}train`, worst: 'logits', error: output, tolerance: tolerance.train },
    { item: `${set}loss`, worst: 'loss', error: loss, tolerance: tolerance.loss },
    gradients,
  ]
  if (set === '')
    items.push(worstOf('running statistics', tolerance.running_stats, statisticErrors(ran, expected, tensors, state)))
  return items
}

function* gradientErrors(
  { gradients }: Results,
  { gradients: expected, grad_norm }: TrainReference,
  tensors: StateDict,
  prefix: string,
): Iterable<readonly [string, number]> {
  // The gradient of a bias before a BatchNorm is 0 in truth: its error is measured against the whole gradient.
  const floor = 1e-3 * grad_norm
  for (const [key, summary] of Object.entries(expected)) {
    const ours = gradients.get(key)
    if (summary === null || ours === undefined) {
      yield [key, summary === null && ours === undefined ? 0 : Infinity]
      continue
    }
    yield [key, summaryError(ours, summary, floor)]
    const whole = tensors.get(prefix + key)
    if (whole) yield [`${key} (whole)`, distance(ours, numbers(whole)) / Math.max(norm(numbers(whole)), floor)]
  }
}

function* statisticErrors(
  { results }: Results,
  { running_stats }: Expected,
  tensors: StateDict,
  state: StateDict,
): Iterable<readonly [string, number]> {
  for (const [key, summary] of Object.entries(running_stats)) {
    // What is not in the graph keeps the statistics that it had.
    const ours = results.get(`update:${key}`) ?? numbers(state.get(key)!)
    yield [key, summaryError(ours, summary)]
    const whole = tensors.get(`stat/${key}`)
    if (whole) yield [`${key} (whole)`, relativeL2(ours, numbers(whole))]
  }
}
