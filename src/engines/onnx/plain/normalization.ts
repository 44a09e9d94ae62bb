import type { BatchNormAttributes } from '../../../graph/operations.ts'
import type { NodeOf, Tensor } from '../../../graph/tensor.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'
import { activate, activationGradient } from '../operators/activation.ts'
import { zeroAfter } from '../operators/zeroAfter.ts'
import { affinePerChannel, dotPerChannel } from './channelSums.ts'
import { mapExtents, valueOf } from './value.ts'

export const normalizationOperators: LoweringTable<
  PlainValues,
  'batchNorm' | 'batchNormAgain' | 'batchNormGradient' | 'batchNormInference' | 'activation' | 'activationGradient'
> = {
  batchNorm,
  batchNormAgain,
  batchNormGradient,
  batchNormInference: (values, { inputs, attributes: { epsilon }, outputs: [y] }) => {
    const names = inputs.map((input) => values.plain(input))
    values.setPlain(y, values.emitter.op('BatchNormalization', names, { epsilon: { float: epsilon } }))
  },
  activation: (values, { inputs: [x], attributes: { kind }, outputs: [y] }) => {
    values.setPlain(y, activate(values.emitter, kind, values.plain(x)))
  },
  activationGradient: (values, { inputs: [x, y, dy], attributes: { kind }, outputs: [dx] }) => {
    const [before, after, slope] = [values.plain(x), values.plain(y), values.plain(dy)]
    values.setPlain(dx, activationGradient(values.emitter, kind, before, after, slope))
  },
}

/** Statistics from Σx and Σx², each one reading pass; the variance E[x²] − m² is clamped, rounding can make it negative. */
function batchNorm(values: PlainValues, node: NodeOf<'batchNorm'>): void {
  const { emitter } = values
  const [x, gamma, beta, skip, sampleScale] = node.inputs
  const [y, meanTensor, varianceTensor, preactivation] = node.outputs
  const map = valueOf(values, x)
  const [N, C, H, W] = mapExtents(map)

  const rows = emitter.reshape(map.name, [N, C, H * W])
  const mean = emitter.op('ReduceMean', [rows, emitter.integers([0, 2])], { keepdims: 0 })
  const squares = emitter.reduceSum(dotPerChannel(emitter, map, map.name), [0])
  const meanSquare = emitter.multiply(squares, emitter.float(1 / (N * H * W)))
  const variance = emitter.op('Relu', [emitter.subtract(meanSquare, emitter.multiply(mean, mean))])

  values.setPlain(meanTensor, mean)
  values.setPlain(varianceTensor, variance)
  normalize(values, { x, gamma, beta, mean, variance, skip, sampleScale, y, preactivation, ...node.attributes })
}

function batchNormAgain(values: PlainValues, { inputs, attributes, outputs }: NodeOf<'batchNormAgain'>): void {
  const { emitter } = values
  const [x, gamma, beta, meanTensor, variance, after, skip, sampleScale] = inputs
  const mean = emitter.add(values.plain(meanTensor), zeroAfter(emitter, values.plain(after), after.shape.length))
  const [y, preactivation] = outputs
  const statistics = { mean, variance: values.plain(variance) }
  normalize(values, { x, gamma, beta, ...statistics, skip, sampleScale, y, preactivation, ...attributes })
}

interface Normalization extends BatchNormAttributes {
  readonly x: Tensor
  readonly gamma: Tensor
  readonly beta: Tensor
  readonly mean: string
  readonly variance: string
  readonly skip: Tensor | undefined
  readonly sampleScale: Tensor | undefined
  readonly y: Tensor
  readonly preactivation: Tensor
}

function normalize(values: PlainValues, norm: Normalization): void {
  const { emitter } = values
  const { x, skip, sampleScale } = norm
  const [N, C, H, W] = mapExtents(valueOf(values, x))
  // Other extents than what the backward pass makes again: see BlockedValues.widened.
  const isWide = norm.isMadeAgain === true && H % 2 === 0
  const [viewed, back] = [[N, C, H / 2, 2 * W], x.shape].map((dims) => (name: string): string => {
    return isWide ? emitter.reshape(name, dims) : name
  })
  const inputs = [viewed(values.plain(x)), values.plain(norm.gamma), values.plain(norm.beta), norm.mean, norm.variance]
  const normalized = emitter.op('BatchNormalization', inputs, { epsilon: { float: norm.epsilon } })
  const scaled = sampleScale ? scaleSamples(values, normalized, values.plain(sampleScale), N) : normalized
  const sum = skip ? emitter.add(scaled, viewed(values.plain(skip))) : scaled
  values.setPlain(norm.preactivation, back(sum))
  values.setPlain(norm.y, back(activate(emitter, norm.activation, sum)))
}

/**
 * With ds = sampleScale · dz and M pixels: dβ = Σds, dγ = (Σds·x − m·dβ)/σ and
 * dx = γ/σ · (ds − dβ/M − x̂·dγ/M), an affine function of ds and x per channel.
 */
function batchNormGradient(values: PlainValues, node: NodeOf<'batchNormGradient'>): void {
  const { emitter } = values
  const { epsilon, activation } = node.attributes
  const [x, y, preactivation, dy, gamma, meanTensor, varianceTensor, sampleScale] = node.inputs
  const [dx, dGamma, dBeta, dSkip] = node.outputs
  const map = valueOf(values, x)
  const [N, C, H, W] = mapExtents(map)
  const mean = values.plain(meanTensor)

  const [before, after] = [values.plain(preactivation), values.plain(y)]
  const dz = activationGradient(emitter, activation, before, after, values.plain(dy))
  const ds = sampleScale ? scaleSamples(values, dz, values.plain(sampleScale), N) : dz
  const shifted = emitter.add(values.plain(varianceTensor), emitter.float(epsilon))
  const inverse = emitter.op('Reciprocal', [emitter.op('Sqrt', [shifted])])
  const sum = emitter.reduceSum(emitter.reshape(ds, [N, C, H * W]), [0, 2])
  const dot = emitter.reduceSum(dotPerChannel(emitter, map, ds), [0])
  const slope = emitter.multiply(emitter.subtract(dot, emitter.multiply(mean, sum)), inverse)

  const scale = emitter.multiply(values.plain(gamma), inverse)
  const perPixel = emitter.multiply(scale, emitter.float(-1 / (N * H * W)))
  const slopeOfX = emitter.multiply(emitter.multiply(perPixel, inverse), slope)
  const offset = emitter.subtract(emitter.multiply(perPixel, sum), emitter.multiply(slopeOfX, mean))
  const throughStatistics = affinePerChannel(emitter, map.name, slopeOfX, offset, C)
  const direct = emitter.multiply(ds, emitter.reshape(scale, [1, C, 1, 1]))
  values.setPlain(dx, emitter.add(direct, throughStatistics))
  values.setPlain(dGamma, slope)
  values.setPlain(dBeta, sum)
  values.setPlain(dSkip, dz)
}

function scaleSamples({ emitter }: PlainValues, x: string, factor: string, images: number): string {
  return emitter.multiply(x, emitter.reshape(factor, [images, 1, 1, 1]))
}
