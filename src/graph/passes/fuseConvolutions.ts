import { conv2d, depthwiseConv2d, upsampleConv2d } from '../convolution.ts'
import type { FusedActivation } from '../operations.ts'
import { isOperation, liveNodes, type BatchNormFold, type Program } from '../program.ts'
import { parameter } from '../sources.ts'
import { featureMap, type Graph, type Node, type NodeOf, type Tensor } from '../tensor.ts'
import { epilogueOf } from './fuseBatchNorm.ts'
import { once, Readers, rewrite, type Replacement } from './rewrite.ts'

/**
 * Convolutions without the tensors around them:
 * - over upsample2×(x) ⧺ skip: one per part, each with its own slice of the weights, summed; the upsampled part never
 *   exists at full resolution;
 * - before a BatchNorm with running statistics: the BatchNorm (and skip and activation) become weights, bias and epilogue.
 */
export function fuseConvolutions(source: Program): Program {
  const live = liveNodes(source)
  const readers = new Readers(source, live)
  const folds: BatchNormFold[] = []
  const fused = rewrite(source, (target) => {
    const replacements = new Map<Node, Replacement>()
    const taken = new Set<Node>()
    for (const node of live)
      if ((isOperation(node, 'conv2d') || isOperation(node, 'depthwiseConv2d')) && !hasTail(node))
        planConvolution(node, { readers, target, folds, taken, replacements })
    return replacements
  })
  return { ...fused, folds: [...source.folds, ...folds] }
}

interface Plan {
  readonly readers: Readers
  readonly target: Graph
  readonly folds: BatchNormFold[]
  readonly taken: Set<Node>
  readonly replacements: Map<Node, Replacement>
}
type Convolution = NodeOf<'conv2d'> | NodeOf<'depthwiseConv2d'>

/** What is fused already stays as it is. */
function hasTail(node: Convolution): boolean {
  return node.attributes.activation !== 'identity' || (isOperation(node, 'conv2d') && node.inputs[3] !== undefined)
}

function planConvolution(node: Convolution, { readers, target, folds, taken, replacements }: Plan): void {
  const norm = readers.only(node.outputs[0])
  const fold = norm && isOperation(norm, 'batchNormInference') ? foldOf(node, norm) : undefined
  const epilogue = fold && norm ? epilogueOf(norm.outputs[0], readers, taken) : undefined
  // A sum has no place in a depthwise convolution, nor stochastic depth in inference: leave such tails as they are.
  const fits = epilogue && !epilogue.sampleScale && !(epilogue.skip && isOperation(node, 'depthwiseConv2d'))
  const members = fold && norm ? [norm, ...(fits ? epilogue.nodes : [])] : []
  if (fold) folds.push(fold)
  members.forEach((member) => taken.add(member))

  let mapTensor: (tensor: Tensor) => Tensor
  const emit = once(() => {
    const skip = fits ? epilogue.skip && mapTensor(epilogue.skip) : undefined
    target.scope = node.scope
    const bias = fold
      ? parameter(target, fold.bias, [node.outputs[0].shape[1]])
      : node.inputs[2] && mapTensor(node.inputs[2])
    return emitConvolution(node, readers, (tensor) => mapTensor(tensor), {
      bias,
      skip,
      activation: fits ? epilogue.activation : 'identity',
    })
  })
  for (const member of [...members, node])
    replacements.set(member, (map) => {
      mapTensor = map
      // Inside a folded group only the last value exists; nobody reads the others.
      return [emit()]
    })
}

interface Tail {
  readonly bias: Tensor | undefined
  readonly skip: Tensor | undefined
  readonly activation: FusedActivation
}

function emitConvolution(node: Convolution, readers: Readers, map: (tensor: Tensor) => Tensor, tail: Tail): Tensor {
  const [x, weight] = node.inputs
  const { attributes } = node
  if (isOperation(node, 'depthwiseConv2d')) return depthwiseConv2d(map(x), map(weight), { ...attributes, ...tail })
  const parts = partsOf(node, readers)
  if (parts.length === 1 && parts[0].upsampled === undefined)
    return conv2d(map(x), map(weight), { ...attributes, bias: tail.bias, sum: tail.skip, activation: tail.activation })

  // Upsampled parts first: an ordinary convolution adds what is there already in its own pass.
  const ordered = parts.toSorted((a, b) => Number(a.upsampled === undefined) - Number(b.upsampled === undefined))
  let sum = tail.skip
  ordered.forEach(({ tensor, upsampled, offset }, index) => {
    const channels = featureMap(tensor)[1]
    const [input, [O, , ...kernel]] = [map(upsampled ?? tensor), weight.shape]
    const piece = parameter(input.graph, nameOf(weight), [O, channels, ...kernel], { offset, total: weight.shape[1] })
    const bias = index === 0 ? tail.bias : undefined
    const activation = index === ordered.length - 1 ? tail.activation : 'identity'
    input.graph.scope = node.scope
    if (upsampled === undefined) sum = conv2d(input, piece, { ...attributes, bias, sum, activation })
    else sum = upsampleConv2d(input, piece, { bias, activation })
  })
  return sum!
}

interface Part {
  readonly tensor: Tensor
  /** What `tensor` is the 2× nearest upsampling of, where the convolution can take it at low resolution. */
  readonly upsampled: Tensor | undefined
  readonly offset: number
}

/** The channel groups that a dense convolution reads, or the whole input as one part. */
function partsOf(node: NodeOf<'conv2d'>, readers: Readers): readonly Part[] {
  const [x, weight, , sum] = node.inputs
  const { stride, pads, dilation } = node.attributes
  const is3x3 =
    weight.shape[2] === 3 && weight.shape[3] === 3 && stride === 1 && dilation === 1 && pads.every((pad) => pad === 1)
  const divisible = isOperation(weight.node, 'parameter') && sum === undefined && readers.only(x) !== undefined
  const tensors = divisible && isOperation(x.node, 'concatChannels') ? x.node.inputs : [x]
  let offset = 0
  let upsampledParts = 0
  return tensors.map((tensor) => {
    const start = offset
    offset += featureMap(tensor)[1]
    const producer = tensor.node
    const folds = divisible && is3x3 && readers.only(tensor) && isOperation(producer, 'upsampleNearest2x')
    // Only the first: an upsampled part cannot take the sum of another.
    const upsampled = folds && upsampledParts++ === 0 ? producer.inputs[0] : undefined
    return { tensor, upsampled, offset: start }
  })
}

function nameOf(source: Tensor): string {
  if (isOperation(source.node, 'parameter') || isOperation(source.node, 'input')) return source.node.attributes.name
  throw new Error('a folded BatchNorm and its convolution read parameters and buffers only')
}

function foldOf(node: Convolution, norm: NodeOf<'batchNormInference'>): BatchNormFold {
  const [, weight, bias] = node.inputs
  const [, gamma, beta, mean, variance] = norm.inputs
  return {
    weight: nameOf(weight),
    bias: `${nameOf(beta)}/folded`,
    convolutionBias: bias && nameOf(bias),
    gamma: nameOf(gamma),
    beta: nameOf(beta),
    mean: nameOf(mean),
    variance: nameOf(variance),
    epsilon: norm.attributes.epsilon,
  }
}
