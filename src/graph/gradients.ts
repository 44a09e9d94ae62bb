import { affineChannels, channelDot, channelSum, concatChannels, scaleSamples, sliceChannels } from './channels.ts'
import { conv2d } from './convolution.ts'
import { add, cast, divide, exp, greater, multiply, negate, reduceSum, reshape, subtract } from './elementwise.ts'
import type {
  BinaryFunction,
  ConvolutionAttributes,
  OperationName,
  OperationTable,
  UnaryFunction,
} from './operations.ts'
import { matMul, transpose } from './matrices.ts'
import { pixelRows } from './pixels.ts'
import { globalAveragePool, spread } from './pooling.ts'
import { constant } from './sources.ts'
import { upsampleNearest2x } from './resize.ts'
import { featureMap, size, type NodeOf, type Shape, type Tensor } from './tensor.ts'

/**
 * A gradient may have extents of 1 where the tensor is larger: it is then the same along that axis. Only the rules that
 * `takesPartial` names meet such a one; for all others it is expanded.
 */
type Gradient = Tensor | undefined
/**
 * From the gradients of a node's outputs to those of its inputs, in their order. `needs[i]` says whether anybody asks
 * for input i: a rule may leave out what costs a convolution.
 */
type Rule<K extends OperationName> = (
  node: NodeOf<K>,
  outputs: readonly Gradient[],
  needs: readonly boolean[],
) => readonly Gradient[]

/** `null`: no gradient passes (integers, selections that are constants of the graph, gradients themselves). */
type Rules = { readonly [K in OperationName]: Rule<K> | null }

/** The chain rule, one entry per operation. What is one line in mathematics is one line here. */
export const gradientRules: Rules = {
  input: null,
  parameter: null,
  constant: null,

  conv2d: ({ inputs: [x, weight, bias, sum], attributes }, [dy], [needsX]) => [
    needsX
      ? x.graph.emit('conv2dInputGradient', [dy!, weight], { ...attributes, inputShape: x.shape }, [x])[0]
      : undefined,
    weightGradient('conv2dWeightGradient', x, dy!, weight, attributes),
    bias && channelSum(dy!),
    sum && dy,
  ],
  depthwiseConv2d: ({ inputs: [x, weight, bias], attributes }, [dy], [needsX]) => [
    needsX
      ? x.graph.emit('depthwiseConv2dInputGradient', [dy!, weight], { ...attributes, inputShape: x.shape }, [x])[0]
      : undefined,
    weightGradient('depthwiseConv2dWeightGradient', x, dy!, weight, attributes),
    bias && channelSum(dy!),
  ],
  upsampleConv2d: ({ inputs: [x, weight, bias] }, [dy]) => [
    x.graph.emit('upsampleConv2dInputGradient', [dy!, weight], {}, [x])[0],
    x.graph.emit('upsampleConv2dWeightGradient', [cast(x, 'float32'), cast(dy!, 'float32')], {}, [
      { shape: weight.shape },
    ])[0],
    bias && channelSum(dy!),
  ],
  // In a forward pass it is a transposed convolution.
  conv2dInputGradient: ({ inputs: [x, weight, sum], attributes: { stride, pads, dilation } }, [dy], [needsX]) => [
    needsX ? conv2d(dy!, weight, { stride, pads, dilation }) : undefined,
    weightGradient('conv2dWeightGradient', dy!, x, weight, { stride, pads, dilation }),
    sum && dy,
  ],
  conv2dWeightGradient: null,
  depthwiseConv2dInputGradient: null,
  depthwiseConv2dWeightGradient: null,
  upsampleConv2dInputGradient: null,
  upsampleConv2dWeightGradient: null,

  batchNorm: ({ inputs: [x, gamma, beta, skip, sampleScale], attributes, outputs }, [dy]) => {
    const [y, mean, variance, preactivation] = outputs
    const inputs = [x, y, preactivation, dy!, gamma, mean, variance, sampleScale] as const
    const [dx, dGamma, dBeta, dSkip] = x.graph.emit('batchNormGradient', inputs, attributes, [x, gamma, beta, x])
    return [dx, dGamma, dBeta, skip && dSkip]
  },
  batchNormAgain: null,
  batchNormGradient: null,
  batchNormInference: null,
  activation: ({ inputs: [x], attributes, outputs: [y] }, [dy]) =>
    x.graph.emit('activationGradient', [x, y, dy!], attributes, [x]),
  activationGradient: null,

  affineChannels: ({ inputs: [x, scale, shift] }, [dy], [needsX, needsScale]) => {
    const overImages = (perImage: Tensor): Tensor => (scale.shape[0] === 1 ? reduceSum(perImage, [0], true) : perImage)
    const shiftGradient = (): Tensor =>
      shift?.shape[0] === 1 ? reshape(channelSum(dy!), shift.shape) : reduceSum(dy!, [2, 3], true)
    return [
      needsX ? affineChannels(dy!, scale) : undefined,
      needsScale ? overImages(channelDot(dy!, x)) : undefined,
      shift && shiftGradient(),
    ]
  },
  channelDot: null,
  channelSum: null,
  scaleSamples: ({ inputs: [, factor] }, [dy]) => [scaleSamples(dy!, factor)],
  concatChannels: ({ inputs }, [dy]) => {
    let offset = 0
    return inputs.map((part) => {
      const length = featureMap(part)[1]
      offset += length
      return sliceChannels(dy!, offset - length, length)
    })
  },
  sliceChannels: ({ inputs: [x], attributes: { offset, length } }, [dy]) => {
    const [N, C, H, W] = featureMap(x)
    const zeros = (channels: number): Tensor[] =>
      channels === 0 ? [] : [constant(x.graph, new Float32Array(N * channels * H * W), [N, channels, H, W])]
    return [concatChannels([...zeros(offset), dy!, ...zeros(C - offset - length)])]
  },

  globalAveragePool: ({ inputs: [x] }, [dy]) => {
    const [, , H, W] = featureMap(x)
    return [spread(multiply(dy!, 1 / (H * W)), H, W)]
  },
  spread: ({ attributes: { height, width } }, [dy]) => [multiply(globalAveragePool(dy!), height * width)],
  maxPool2d: ({ inputs: [x], attributes, outputs: [y] }, [dy]) =>
    x.graph.emit('maxPool2dGradient', [x, y, dy!], attributes, [x]),
  maxPool2dGradient: null,
  upsampleNearest2x: ({ inputs: [x] }, [dy]) => x.graph.emit('sumPool2x', [dy!], {}, [x]),
  sumPool2x: (_, [dy]) => [upsampleNearest2x(dy!)],
  resize2d: ({ inputs: [x], attributes }, [dy]) =>
    x.graph.emit('resize2dGradient', [dy!], { ...attributes, inputShape: x.shape }, [x]),
  resize2dGradient: null,

  unary: ({ inputs: [x], attributes, outputs: [y] }, [dy]) => [unaryRules[attributes.kind](x, y, dy!)],
  binary: ({ inputs: [a, b], attributes, outputs: [y] }, [dy]) => {
    const rule = binaryRules[attributes.kind]
    if (rule === null) return []
    const [da, db] = rule(a, b, dy!)
    return [unbroadcast(da, y.shape, a.shape), unbroadcast(db, y.shape, b.shape)]
  },
  multiplyAdd: null,
  reduceSum: ({ inputs: [x], attributes: { axes }, outputs: [y] }, [dy]) => {
    if (size(dy!.shape) === 1)
      return [
        reshape(
          dy!,
          x.shape.map(() => 1),
        ),
      ]
    const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
    return [reshape(expanded(dy!, y.shape), kept)]
  },
  squaredNorm: null,
  reshape: ({ inputs: [x] }, [dy]) => [reshape(dy!, x.shape)],
  // As if nothing had been rounded.
  cast: ({ inputs: [x] }, [dy]) => [x.dtype === 'int32' ? undefined : cast(dy!, x.dtype)],
  select: null,

  pixelRows: ({ inputs: [x] }, [dy]) => x.graph.emit('pixelMap', [dy!], {}, [x]),
  pixelMap: (_, [dy]) => [pixelRows(dy!)],
  logSoftmax: ({ outputs: [y] }, [dy]) => [subtract(dy!, multiply(exp(y), reduceSum(dy!, [y.shape.length - 1], true)))],
  oneHot: null,
  argMax: null,
  cumulateDescending: null,

  matMul: ({ inputs: [a, b, bias], attributes: { transposeA, transposeB } }, [dy], [needsA, needsB]) => [
    !needsA
      ? undefined
      : transposeA
        ? matMul(b, dy!, { transposeA: transposeB, transposeB: true })
        : matMul(dy!, b, { transposeB: !transposeB }),
    !needsB
      ? undefined
      : transposeB
        ? matMul(dy!, a, { transposeA: true, transposeB: transposeA })
        : matMul(a, dy!, { transposeA: !transposeA }),
    bias && reduceSum(dy!, [0]),
  ],
  transpose: ({ attributes: { permutation } }, [dy]) => [
    transpose(
      dy!,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  softmax: ({ outputs: [y] }, [dy]) => {
    const total = reduceSum(multiply(dy!, y), [y.shape.length - 1], true)
    return [multiply(y, subtract(dy!, total))]
  },
  layerNorm: ({ inputs: [x, gamma, beta], outputs: [, mean, inverseDeviation] }, [dy]) =>
    x.graph.emit('layerNormGradient', [x, dy!, gamma, mean, inverseDeviation], {}, [x, gamma, beta]),
  layerNormGradient: null,
}

/** A sum over all pixels of a batch: float32 whatever it adds, as half precision stops growing at 2048 times a term. */
function weightGradient(
  operation: 'conv2dWeightGradient' | 'depthwiseConv2dWeightGradient',
  x: Tensor,
  dy: Tensor,
  { shape }: Tensor,
  { stride, pads, dilation }: ConvolutionAttributes,
): Tensor {
  const attributes = { stride, pads, dilation, weightShape: shape }
  return x.graph.emit(operation, [cast(x, 'float32'), cast(dy, 'float32')], attributes, [{ shape }])[0]
}

const unaryRules: Readonly<Record<UnaryFunction, (x: Tensor, y: Tensor, dy: Tensor) => Tensor>> = {
  exp: (_, y, dy) => multiply(dy, y),
  log: (x, _, dy) => divide(dy, x),
  sqrt: (_, y, dy) => divide(multiply(dy, 0.5), y),
  negate: (_x, _y, dy) => negate(dy),
  reciprocal: (_, y, dy) => negate(multiply(dy, multiply(y, y))),
}

type BinaryRule = (a: Tensor, b: Tensor, dy: Tensor) => readonly [da: Tensor, db: Tensor]
const binaryRules: Readonly<Record<BinaryFunction, BinaryRule | null>> = {
  add: (_a, _b, dy) => [dy, dy],
  subtract: (_a, _b, dy) => [dy, negate(dy)],
  multiply: (a, b, dy) => [multiply(dy, b), multiply(dy, a)],
  divide: (a, b, dy) => [divide(dy, b), negate(divide(multiply(dy, a), multiply(b, b)))],
  maximum: (a, b, dy) => [multiply(dy, greater(a, b)), multiply(dy, greater(b, a))],
  minimum: (a, b, dy) => [multiply(dy, greater(b, a)), multiply(dy, greater(a, b))],
  greater: null,
}

/** Sums a gradient over the axes along which an input of `target` shape was repeated to make an output of `full` shape. */
function unbroadcast(gradient: Tensor, full: Shape, target: Shape): Tensor {
  const lead = full.length - target.length
  const axes: number[] = []
  let repeats = 1
  full.forEach((extent, axis) => {
    if (extent === 1 || (target[axis - lead] ?? 1) !== 1) return
    const extentOfGradient = gradient.shape[axis - full.length + gradient.shape.length] ?? 1
    if (extentOfGradient === 1) repeats *= extent
    else axes.push(axis - full.length + gradient.shape.length)
  })
  const summed = axes.length === 0 ? gradient : reduceSum(gradient, axes, true)
  const repeated = repeats === 1 ? summed : multiply(summed, repeats)
  return size(repeated.shape) === size(target) ? reshape(repeated, target) : repeated
}

/** Operations whose rule broadcasts by itself. */
const takesPartial: ReadonlySet<OperationName> = new Set(['unary', 'binary', 'reduceSum'])

function expanded(gradient: Tensor, shape: Shape): Tensor {
  if (size(gradient.shape) === size(shape)) return reshape(gradient, shape)
  return multiply(constant(gradient.graph, new Float32Array(size(shape)).fill(1), shape), gradient)
}

/**
 * Reverse-mode differentiation as a transformation of the graph: appends the nodes that compute d loss / d tensor.
 * @param loss one element
 * @returns the gradient of each of `sources` that the loss depends on
 */
export function differentiate(loss: Tensor, sources: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> {
  const { graph } = loss
  const forward = graph.nodes.slice(0, graph.nodes.indexOf(loss.node) + 1)
  const needed = new Set<Tensor>(sources)
  for (const node of forward)
    if (inputsOf(node).some((input) => input && needed.has(input))) node.outputs.forEach((output) => needed.add(output))

  const gradients = new Map<Tensor, Tensor>([[loss, constant(graph, Float32Array.of(1), [1])]])
  for (const node of forward.toReversed()) {
    const outputs = node.outputs.map((output) => gradients.get(output))
    if (outputs.every((gradient) => gradient === undefined)) continue
    const inputs = inputsOf(node)
    const needs = inputs.map((input) => input !== undefined && needed.has(input))
    if (!needs.includes(true)) continue
    const rule = gradientRules[node.operation] as Rule<OperationName> | null
    if (rule === null) continue
    graph.scope = `${node.scope}/gradient`
    const whole = takesPartial.has(node.operation)
      ? outputs
      : outputs.map((gradient, index) => gradient && expanded(gradient, node.outputs[index].shape))
    rule(node, whole, needs).forEach((gradient, index) => {
      const input = inputs[index]
      if (gradient === undefined || input === undefined || !needs[index]) return
      const earlier = gradients.get(input)
      gradients.set(input, earlier === undefined ? gradient : add(earlier, gradient))
    })
  }
  graph.scope = ''
  return new Map(
    sources.flatMap((source) => (gradients.has(source) ? [[source, gradients.get(source)!] as const] : [])),
  )
}

function inputsOf(node: { readonly inputs: OperationTable[OperationName]['inputs'] }): readonly (Tensor | undefined)[] {
  return node.inputs
}
