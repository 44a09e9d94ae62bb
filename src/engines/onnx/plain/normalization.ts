import type { NodeOf } from '../../../graph/tensor.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'
import { activate, activationGradient } from '../operators/activation.ts'
import { affinePerChannel, dotPerChannel } from './channelSums.ts'
import { mapExtents, valueOf } from './value.ts'

export const normalizationOperators: LoweringTable<
  PlainValues,
  'batchNorm' | 'batchNormGradient' | 'batchNormInference' | 'activation' | 'activationGradient'
> = {
  batchNorm,
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
  const { epsilon, activation } = node.attributes
  const [x, gamma, beta, skip, sampleScale] = node.inputs
  const [y, meanTensor, varianceTensor, preactivation] = node.outputs
  const map = valueOf(values, x)
  const [N, C, H, W] = mapExtents(map)

  const rows = emitter.reshape(map.name, [N, C, H * W])
  const mean = emitter.op('ReduceMean', [rows, emitter.integers([0, 2])], { keepdims: 0 })
  const squares = emitter.reduceSum(dotPerChannel(emitter, map, map.name), [0])
  const meanSquare = emitter.multiply(squares, emitter.float(1 / (N * H * W)))
  const variance = emitter.op('Relu', [emitter.subtract(meanSquare, emitter.multiply(mean, mean))])

  const inputs = [map.name, values.plain(gamma), values.plain(beta), mean, variance]
  const normalized = emitter.op('BatchNormalization', inputs, { epsilon: { float: epsilon } })
  const scaled = sampleScale ? scaleSamples(values, normalized, values.plain(sampleScale), N) : normalized
  const sum = skip ? emitter.add(scaled, values.plain(skip)) : scaled
  values.setPlain(meanTensor, mean)
  values.setPlain(varianceTensor, variance)
  values.setPlain(preactivation, sum)
  values.setPlain(y, activate(emitter, activation, sum))
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
