import { basename } from 'node:path'
import type { NamedTensor } from '../../src/core/safetensors.ts'
import { activation, add } from '../../src/graph/elementwise.ts'
import { fuseBatchNorm } from '../../src/graph/passes/fuseBatchNorm.ts'
import { fuseConvolutions } from '../../src/graph/passes/fuseConvolutions.ts'
import { rewrite, type Replacement } from '../../src/graph/passes/rewrite.ts'
import { isOperation, liveNodes, program, type Program } from '../../src/graph/program.ts'
import { constant } from '../../src/graph/sources.ts'
import type { Graph, Node, Tensor } from '../../src/graph/tensor.ts'
import { buildNetwork, type Network } from '../../src/model/network.ts'
import { evaluate } from '../engines/reference/evaluate.ts'
import { runLowered, type Feeds } from '../engines/runLowered.ts'
import { formulaState, type WeightFormula } from '../model/formulaWeights.ts'
import { checkModel, configOf, type Lower, type ModelEntry, type ParityItem } from '../model/modelParity.ts'
import { readJson, readTensors } from './fixtureFiles.ts'

/** Far more than rounding moves an activation by, far less than what shows in a gradient. */
const nudge = 1e-4

interface Weights {
  readonly weights: { readonly formula: WeightFormula; readonly seed: number }
}
interface Expected extends ModelEntry, Weights {
  readonly classes: number
  readonly batch: number
  readonly size: number
  readonly margin: Weights
}

/** What to add to the inputs of kinked activations, by the key of the module before them. */
type Nudges = ReadonlyMap<string, Float32Array>

/**
 * The gradients of a reference model with every flipped activation pushed back to its side in float64, and how many there
 * were: where this is within the tolerance, the flips are the whole difference.
 * @param item `gradients` or `margin/gradients`
 */
export async function gradientsWithoutFlips(
  folder: string,
  lower: Lower,
  item: string,
): Promise<ParityItem & { readonly flipped: number }> {
  const nudges = await nudgesOf(folder, lower, item.startsWith('margin/'))
  const flipped = [...nudges.values()].reduce((sum, values) => sum + values.filter((value) => value !== 0).length, 0)
  const items = await checkModel(folder, (source) =>
    lower(source.gradients.length > 0 ? nudged(source, nudges) : source),
  )
  const gradients = items.find((each) => each.item === item)
  if (gradients === undefined) throw new Error(`no ${item} of ${basename(folder)}`)
  return { ...gradients, flipped }
}

async function nudgesOf(folder: string, lower: Lower, isMargin: boolean): Promise<Nudges> {
  const { network, feeds } = trainStep(folder, isMargin)
  const source = program(network.graph, { outputs: new Map([['logits', network.logits]]) })
  const exact = fuseBatchNorm(source)
  const expected = evaluate(exact, new Map([...feeds.parameters, ...feeds.buffers, ...feeds.data]))
  const step = fuseBatchNorm(fuseConvolutions(source))
  const outputs = new Map([...kinkedInputs(step)].map(([key, tensor]) => [`kink:${key}`, tensor]))
  const { results } = await runLowered(lower({ ...step, outputs }), feeds)

  const nudges = new Map<string, Float32Array>()
  for (const [key, tensor] of kinkedInputs(exact)) {
    const ours = results.get(`kink:${key}`)!
    const values = Float32Array.from(expected.get(tensor)!, (value, index) =>
      piece(value) === piece(ours[index]) ? 0 : Math.sign(value - ours[index]) * nudge,
    )
    if (values.some((value) => value !== 0)) nudges.set(key, values)
  }
  return nudges
}

/** The train step of the reference with its ordinary or its margin weights. */
function trainStep(folder: string, isMargin: boolean): { readonly network: Network; readonly feeds: Required<Feeds> } {
  const expected = readJson(folder, 'expected.json') as Expected
  const { batch, size, classes } = expected
  const { weights } = isMargin ? expected.margin : expected
  const network = buildNetwork(configOf(expected), { batch, height: size, width: size, classes, mode: 'training' })
  const state = formulaState(network.declarations, weights.formula, weights.seed)
  const floats = new Map([...state].flatMap(([key, tensor]) => (isFloat(tensor) ? [[key, tensor.data] as const] : [])))
  const image = readTensors(folder).get('input')!.data as Float32Array
  const kept = network.randomInputs.map(
    ({ name, valuesPerImage }) => [name, new Float32Array(batch * valuesPerImage).fill(1)] as const,
  )
  return { network, feeds: { parameters: floats, buffers: floats, data: new Map([['image', image], ...kept]) } }
}

function isFloat(tensor: NamedTensor): tensor is NamedTensor & { readonly data: Float32Array } {
  return tensor.data instanceof Float32Array
}

/** Which of the pieces of ReLU and ReLU6 a value is on. */
function piece(value: number): number {
  return value > 6 ? 2 : value > 0 ? 1 : 0
}

function hasKinks(node: Node): boolean {
  if (isOperation(node, 'batchNorm')) return node.attributes.activation.startsWith('relu')
  return isOperation(node, 'activation') && node.attributes.kind.startsWith('relu')
}

function kinkedInputs(source: Program): ReadonlyMap<string, Tensor> {
  const kinked = liveNodes(source).filter(hasKinks)
  return new Map(kinked.map((node) => [node.scope, isOperation(node, 'batchNorm') ? node.outputs[3] : node.inputs[0]!]))
}

/** A training program whose kinked activations see their inputs with the nudges added. */
function nudged(source: Program, nudges: Nudges): Program {
  return rewrite(source, (target) => {
    const replacements = new Map<Node, Replacement>()
    for (const node of liveNodes(source)) {
      const values = hasKinks(node) ? nudges.get(node.scope) : undefined
      if (values !== undefined) replaceKinked(node, values, target, source, replacements)
    }
    return replacements
  })
}

function replaceKinked(
  node: Node,
  values: Float32Array,
  target: Graph,
  source: Program,
  replacements: Map<Node, Replacement>,
): void {
  const moved = (x: Tensor | undefined, shape: Tensor['shape']): Tensor => {
    const push = constant(target, values, shape)
    return x ? add(x, push) : push
  }
  if (isOperation(node, 'batchNorm')) {
    // A normalisation adds its skip connection right before the activation.
    replacements.set(node, (map) => {
      const [x, gamma, beta, skip, scale] = node.inputs.map((input) => input && map(input))
      target.scope = node.scope
      const inputs = [x!, gamma!, beta!, moved(skip, node.outputs[3].shape), scale] as const
      return target.emit('batchNorm', inputs, node.attributes, node.outputs)
    })
    return
  }
  if (!isOperation(node, 'activation')) return
  const [x] = node.inputs
  replacements.set(node, (map) => [activation(node.attributes.kind, moved(map(x), x.shape))])
  for (const reader of liveNodes(source)) {
    if (!isOperation(reader, 'activationGradient') || reader.inputs[1] !== node.outputs[0]) continue
    replacements.set(reader, (map) => {
      const [, y, dy] = reader.inputs.map(map)
      return target.emit('activationGradient', [moved(map(x), x.shape), y, dy], reader.attributes, reader.outputs)
    })
  }
}
