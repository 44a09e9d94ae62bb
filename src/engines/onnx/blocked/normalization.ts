import type { BatchNormAttributes } from '../../../graph/operations.ts'
import type { NodeOf, Tensor } from '../../../graph/tensor.ts'
import type { LoweringTable } from '../lowering.ts'
import { activate } from '../operators/activation.ts'
import { zeroAfter } from '../operators/zeroAfter.ts'
import { batchStatistics, channelMean, inverseDeviation } from './batchStatistics.ts'
import { beforeActivation } from './beforeActivation.ts'
import { fusedActivation } from './convolution.ts'
import { canDefer } from './deferredScale.ts'
import type { BlockedMap, BlockedValues } from './values.ts'

export const normalizationOperators: LoweringTable<
  BlockedValues,
  'batchNorm' | 'batchNormAgain' | 'batchNormGradient' | 'batchNormInference'
> = {
  batchNorm: (values, node) => {
    const [x, gamma, beta, skip, sampleScale] = node.inputs
    const [y, meanOutput, varianceOutput, preactivation] = node.outputs
    const { mean, variance } = batchStatistics(values, values.map(x))
    values.setBlocked(meanOutput, mean)
    values.setBlocked(varianceOutput, variance)
    const norm = { x, gamma, beta, mean, variance, skip, sampleScale, y, preactivation, ...node.attributes }
    const map = values.map(x)
    normalize(values, norm, norm.isMadeAgain === true ? values.widened(map) : map)
    if (norm.isMadeAgain === true) values.isWide.add(y)
  },

  batchNormAgain: (values, { inputs, attributes, outputs }) => {
    const { emitter } = values
    const [x, gamma, beta, meanTensor, variance, after, skip, sampleScale] = inputs
    const [y, preactivation] = outputs
    const zero = zeroAfter(emitter, values.anyName(after), after.shape.length)
    const statistics = { mean: emitter.add(values.blocked(meanTensor), zero), variance: values.blocked(variance) }
    const norm = { x, gamma, beta, ...statistics, skip, sampleScale, y, preactivation, ...attributes }
    normalize(values, norm, values.map(x))
  },

  batchNormGradient: (values, node) => {
    const { emitter } = values
    const [x, , , , gamma, meanTensor, variance, sampleScale] = node.inputs
    const [dx, dGamma, dBeta, dSkip] = node.outputs
    const map = values.map(x)
    const { N, C, H, W } = map
    const count = N * H * W
    const dz = beforeActivation(values, node)
    values.setBlocked(dSkip, dz)

    const factor = sampleScale && values.plain(sampleScale)
    const [mean, inverse] = [
      values.blocked(meanTensor),
      inverseDeviation(values, values.blocked(variance), node.attributes.epsilon),
    ]
    // mean(dz·x̂) = (mean(dz·x) − μ·mean(dz)) / σ; with stochastic depth dz counts by its sample's factor.
    const meanOverBatch = (perImage: string): string => channelMean(values, perImage, map, factor)
    const meanDz = meanOverBatch(values.globalAverage(dz))
    const meanDzX = emitter.multiply(meanOverBatch(values.dot(dz, map.name, map)), emitter.float(1 / (H * W)))
    const meanDzNormalized = emitter.multiply(emitter.subtract(meanDzX, emitter.multiply(mean, meanDz)), inverse)
    values.setBlocked(dGamma, emitter.multiply(meanDzNormalized, emitter.float(count)))
    values.setBlocked(dBeta, emitter.multiply(meanDz, emitter.float(count)))

    const scale = emitter.multiply(values.blocked(gamma), inverse)
    if (isFresh(values, node) && canDefer(dx, values.readers.of(dx))) {
      // dx = γ/σ·(dz + a·x + b) with a = −mean(dz·x̂)/σ, b = −mean(dz) − a·μ: one pass, the factor left to the readers.
      const slope = emitter.op('Neg', [emitter.multiply(inverse, meanDzNormalized)])
      const constant = emitter.op('Neg', [emitter.add(meanDz, emitter.multiply(slope, mean))])
      const unscaled = values.affine(map.name, perChannel(values, slope, C), C, { bias: constant, sum: dz })
      values.setDeferred(dx, unscaled, scale)
      return
    }
    // dx = γ/σ·dz + a·x + b with a = −γ/σ²·mean(dz·x̂), b = −γ/σ·mean(dz) − a·μ: two passes over the map.
    const slope = emitter.op('Neg', [emitter.multiply(emitter.multiply(scale, inverse), meanDzNormalized)])
    const constant = emitter.op('Neg', [emitter.add(emitter.multiply(scale, meanDz), emitter.multiply(slope, mean))])
    const part = values.affine(map.name, perChannel(values, slope, C), C, { bias: constant })
    const gradient =
      factor === undefined
        ? values.affine(dz, perChannel(values, scale, C), C, { sum: part })
        : perSample(values, map, dz, factor, scale, { sum: part })
    values.setBlocked(dx, gradient)
  },

  batchNormInference: (values, node) => {
    const { emitter } = values
    const [x, gamma, beta, mean, variance] = node.inputs
    const map = values.map(x)
    const scale = emitter.multiply(
      values.blocked(gamma),
      inverseDeviation(values, values.blocked(variance), node.attributes.epsilon),
    )
    const shift = emitter.subtract(values.blocked(beta), emitter.multiply(values.blocked(mean), scale))
    values.setBlocked(
      node.outputs[0],
      values.affine(map.name, perChannel(values, scale, map.C), map.C, { bias: shift }),
    )
  },
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

/** @param map x, perhaps in other extents */
function normalize(values: BlockedValues, norm: Normalization, map: BlockedMap): void {
  const { emitter } = values
  const { mean, skip, sampleScale, activation } = norm
  const scale = emitter.multiply(values.blocked(norm.gamma), inverseDeviation(values, norm.variance, norm.epsilon))
  const shift = emitter.subtract(values.blocked(norm.beta), emitter.multiply(mean, scale))
  const sum = skip && values.viewed(values.blocked(skip), map)
  const options = { sum, activation: fusedActivation(activation) }
  const z = sampleScale
    ? perSample(values, map, map.name, values.plain(sampleScale), scale, { ...options, shift })
    : values.affine(map.name, perChannel(values, scale, map.C), map.C, { ...options, bias: shift })
  const own = values.map(norm.x)
  values.setBlocked(norm.preactivation, values.viewed(z, own))
  values.setBlocked(norm.y, values.viewed(activation === 'silu' ? activate(emitter, 'silu', z) : z, own))
}

/** Whether dz is a value of its own, which the sum may overwrite: not dY itself, nor what a skip connection still reads. */
function isFresh(values: BlockedValues, { inputs, attributes, outputs }: NodeOf<'batchNormGradient'>): boolean {
  const [sampleScale, dSkip] = [inputs[7], outputs[3]]
  return attributes.activation !== 'identity' && sampleScale === undefined && values.readers.of(dSkip).length === 0
}

/** [C] as the weights of a 1×1 depthwise convolution. */
function perChannel({ emitter }: BlockedValues, vector: string, C: number): string {
  return emitter.reshape(vector, [C, 1, 1, 1])
}

/** factor[n] · (x · scale + shift) + sum: stochastic depth rides in the affine, with one group per image and channel. */
function perSample(
  values: BlockedValues,
  { N, C, H, W }: BlockedMap,
  x: string,
  factor: string,
  scale: string,
  options: {
    readonly shift?: string
    readonly sum?: string | undefined
    readonly activation?: 'Relu' | 'Clip' | undefined
  },
): string {
  const { emitter } = values
  const view = (name: string): string => emitter.reshape(name, [1, N * C, H, W])
  const times = (vector: string): string =>
    emitter.multiply(emitter.reshape(factor, [N, 1]), emitter.reshape(vector, [1, C]))
  const y = values.affine(view(x), emitter.reshape(times(scale), [N * C, 1, 1, 1]), N * C, {
    bias: options.shift && emitter.reshape(times(options.shift), [N * C]),
    sum: options.sum && view(options.sum),
    activation: options.activation,
  })
  return emitter.reshape(y, [N, C, H, W])
}
