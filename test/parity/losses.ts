import type { LossConfig } from '../../src/core/experiment.ts'
import { pixelInputs } from '../../src/core/pixelInputs.ts'
import { concatChannels } from '../../src/graph/channels.ts'
import { add, exp, multiply, subtract } from '../../src/graph/elementwise.ts'
import { differentiate } from '../../src/graph/gradients.ts'
import { logSoftmax, oneHot, pixelRows } from '../../src/graph/pixels.ts'
import { program, type Program } from '../../src/graph/program.ts'
import { constant, input } from '../../src/graph/sources.ts'
import { Graph, size, type Shape, type Tensor } from '../../src/graph/tensor.ts'
import { PixelLabels, PixelScores, type LossScores } from '../../src/train/losses/loss.ts'
import { losses, pixelInputsOf } from '../../src/train/losses/registry.ts'
import { readJson, readTensors, valuesOf, type FixtureTensors } from './fixtureFiles.ts'
import { runners, type Runner } from './lowerings.ts'
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

/**
 * What the library was given: labels of classes; 0 or 1 for one logit (of ours the difference of two classes, the first of
 * which is always 0); the same for its probability; or 0 or 1 for each of several logits.
 */
type Form = 'classes' | 'logit' | 'probability' | 'elements'

function formOf({ tensors }: LossFixture, { loss, data }: LossCase): Form {
  const { shape } = tensors.get(`data/${data}/target`)!
  if (shape.length === 3) return 'classes'
  if (shape[1] > 1) return 'elements'
  return loss.endsWith('(raw)') ? 'probability' : 'logit'
}

/** Of ours, those that the library's note "(raw)" stands behind too. */
function namesOf({ loss }: LossCase): readonly string[] {
  return loss.replace('(raw)', '').split('+')
}

/** Their names for our arguments. */
function ourArguments({ weight, ...args }: LossCase['args']): Record<string, unknown> {
  if (weight === undefined) return args
  return { ...args, class_weights: weight === 'balanced' ? args['resolved_weight'] : weight }
}

/** Why ours cannot compute a case, or undefined where it can. */
export function missingLoss({ tensors }: LossFixture, one: LossCase): string | undefined {
  const { args, value, data } = one
  if (value === undefined) return 'no reference: the library raises an error'
  const isIgnored = (label: number): boolean => label === args['ignore_index']
  if (typeof value === 'string' && !Array.from(valuesOf(tensors, `data/${data}/target`)).every(isIgnored))
    return `no reference: the library makes "${value}" of labels that count`
  const names = namesOf(one)
  const unknown = names.find((name) => !losses.names.includes(name))
  if (unknown !== undefined) return `loss ${unknown}`
  const known = [...others, ...names.flatMap((name) => Object.keys(losses.get(name).arguments.shape))]
  const argument = Object.keys(ourArguments(args)).find((key) => !known.includes(key))
  return argument && `argument ${argument}`
}

/** Losses without a mode of the library's go by the shape of its targets. */
function lossConfigs(one: LossCase, form: Form): readonly LossConfig[] {
  const { weights } = one.args as { weights?: readonly number[] }
  const mode = { classes: {}, probability: {}, logit: { mode: 'binary' }, elements: { mode: 'multilabel' } }[form]
  return namesOf(one).map((name, index) => ({
    ...(name === 'SoftBCEWithLogitsLoss' ? mode : {}),
    ...ourArguments(one.args),
    name,
    weight: weights?.[index] ?? 1,
  }))
}

/** @param x the library's first argument, [N, C, H, W]  @param target as `feedsOf` hands it in */
function scoresOf(x: Tensor, target: Tensor, form: Form): LossScores {
  const [N, C, H, W] = x.shape
  const { graph } = x
  const filled = (value: number, shape: Shape): Tensor =>
    constant(graph, new Float32Array(size(shape)).fill(value), shape)
  if (form === 'classes') return new PixelScores(x, new PixelLabels(target, C))
  if (form === 'logit') return new PixelScores(concatChannels([filled(0, x.shape), x]), new PixelLabels(target, 2))
  const logits = pixelRows(x)
  const isElements = form === 'elements'
  return {
    images: N,
    classes: isElements ? C : 2,
    logits,
    logProbabilities: logSoftmax(logits),
    probabilities: isElements ? exp(logSoftmax(logits)) : pixelRows(concatChannels([subtract(1, x), x])),
    truth: isElements ? pixelRows(target) : oneHot(target, 2),
    valid: filled(1, [N * H * W, 1]),
    pixelInput: () => {
      throw new Error('none of these forms has distances')
    },
  }
}

/** Outputs `loss` [1] and `gradient:logits` of the logits, which come in as [N, C, H, W]. */
function lossProgram(configs: readonly LossConfig[], shape: Shape, form: Form): Program {
  const graph = new Graph()
  const logits = input(graph, 'logits', shape)
  const target =
    form === 'elements'
      ? input(graph, 'target', shape)
      : input(graph, 'target', [size(shape) / shape[1]], 'data', 'int32')
  const scores = scoresOf(logits, target, form)
  const loss = configs
    .map((config) => {
      const definition = losses.get(config.name)
      return multiply(definition.build({ scores, args: definition.arguments.parse(config) }), config.weight)
    })
    .reduce((sum, part) => add(sum, part))
  const gradient = differentiate(loss, [logits]).get(logits)!
  return program(graph, { outputs: new Map(Object.entries({ loss, 'gradient:logits': gradient })) })
}

/** What the loader makes of labels of classes, image by image. */
function inputsOf(
  configs: readonly LossConfig[],
  [images, classes, height, width]: Shape,
  labels: Int32Array,
): readonly (readonly [string, Float32Array])[] {
  const pixels = height * width
  return pixelInputsOf(configs).map((name) => {
    const values = new Float32Array(images * pixels * classes)
    for (let image = 0; image < images; image++) {
      const own = values.subarray(image * pixels * classes, (image + 1) * pixels * classes)
      pixelInputs[name](labels.subarray(image * pixels, (image + 1) * pixels), { height, width }, classes, own)
    }
    return [name, values]
  })
}

export async function runLoss(
  { run }: Runner,
  configs: readonly LossConfig[],
  shape: Shape,
  logits: ArrayLike<number>,
  target: ArrayLike<number>,
  form: Form = 'classes',
): Promise<{ readonly loss: number; readonly gradient: Float32Array }> {
  const labels = Int32Array.from(target)
  const data = new Map<string, Float32Array | Int32Array>([
    ['logits', Float32Array.from(logits)],
    ['target', form === 'elements' ? Float32Array.from(target) : labels],
    ...inputsOf(configs, shape, labels),
  ])
  const { results } = await run(lossProgram(configs, shape, form), { data })
  return { loss: results.get('loss')![0], gradient: results.get('gradient:logits') as Float32Array }
}

/** A case against its reference; what the library leaves without a number is 0 here, without a gradient (definitions 2.1). */
export async function checkLoss(fixture: LossFixture, one: LossCase, runner: Runner): Promise<ParityRow> {
  const { tolerance, tensors } = fixture
  const form = formOf(fixture, one)
  const labels = Array.from(valuesOf(tensors, `data/${one.data}/target`), (label) =>
    label === one.args['ignore_index'] ? -1 : label,
  )
  const { shape } = tensors.get(`data/${one.data}/logits`)!
  const logits = valuesOf(tensors, `data/${one.data}/logits`)
  const ours = await runLoss(runner, lossConfigs(one, form), shape, logits, labels, form)

  const value = typeof one.value === 'number' ? one.value : 0
  const hasGradient = typeof one.value === 'number' && tensors.has(`grad/${one.id}`)
  const slopes = hasGradient ? valuesOf(tensors, `grad/${one.id}`) : new Float32Array(size(shape))
  const allowed = readTolerance(tolerance.value)
  return compared(`${one.id} ${runner.name}`, {
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

export async function* lossRows(folder: string): AsyncIterable<ParityRow> {
  const fixture = readLosses(folder)
  const all = await runners()
  for (const one of fixture.cases) {
    const missing = missingLoss(fixture, one)
    if (missing !== undefined) yield notImplemented(one.id, missing)
    else
      for (const runner of all) yield await attempt(`${one.id} ${runner.name}`, () => checkLoss(fixture, one, runner))
  }
}
