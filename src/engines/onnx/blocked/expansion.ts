import { isOperation } from '../../../graph/program.ts'
import { featureMap, size, type Node, type NodeOf, type Tensor } from '../../../graph/tensor.ts'
import type { LoweringTable } from '../lowering.ts'
import { activate } from '../operators/activation.ts'
import { matMulTransposedRight } from '../operators/matMul.ts'
import { channelMean, inverseDeviation } from './batchStatistics.ts'
import { beforeActivation } from './beforeActivation.ts'
import { denseWeight, fusedActivation } from './convolution.ts'
import { scaleOutputs } from './deferredScale.ts'
import { isPooled } from './pooledConvolution.ts'
import type { BlockedValues } from './values.ts'
import { pointwiseProduct } from './weightGradient.ts'
import { readsImage, transposeWeights, type DenseWeight } from './weights.ts'

// A 1×1 convolution that widens, before a BatchNorm (inverted residual blocks, bottlenecks): x = W·a. What BatchNorm asks of
// the wide x follows from the narrow a: mean(x) = W·mean(a), var(x) = diag(W·C·Wᵀ) with C the covariance of a's channels.
// So scale and shift are known before the convolution runs and go into its weights; x is never made. Backwards likewise
// Σdz·x = diag(W·(dz·aᵀ)ᵀ), and dz·aᵀ is the product that the weights' gradient needs anyhow. Ten of some 26 passes over
// the wide map are left out ("Gram form"; the covariance is exact, only rounding differs).

/** A convolution and what its BatchNorm knows of it. All matrices [I, O] are plain, weights [O/B, I, B] stored. */
export interface Expansion {
  readonly input: Tensor
  readonly weight: Tensor
  moments?: {
    /** [I] */
    readonly inputMean: string
    /** W as [I, O] */
    readonly matrix: string
    /** C·W, [I, O] */
    readonly spread: string
    /** γ/σ, [O] */
    readonly scale: string
    /** γ/σ·W, stored */
    readonly scaledWeight: string
  }
}

/** The gradient by x, for its two readers. */
export interface ExpansionGradient {
  /** dW, stored. */
  readonly weight: string
  /** da before what meets it there. */
  readonly input: (sum: string | undefined) => string
}

type Operations = 'conv2d' | 'batchNorm' | 'batchNormGradient' | 'conv2dInputGradient' | 'conv2dWeightGradient'

/** A table whose convolutions and BatchNorms are one where the convolution widens. */
export function expanding<Table extends LoweringTable<BlockedValues, Operations>>(table: Table): Table {
  return {
    ...table,
    conv2d: (values, node) => {
      const [input, weight] = node.inputs
      if (isExpansion(values, node)) values.expansions.set(node.outputs[0], { input, weight })
      else table.conv2d(values, node)
    },
    batchNorm: (values, node) => {
      const expansion = values.expansions.get(node.inputs[0])
      if (expansion === undefined) table.batchNorm(values, node)
      else normalize(values, node, expansion)
    },
    batchNormGradient: (values, node) => {
      const expansion = values.expansions.get(node.inputs[0])
      if (expansion === undefined) table.batchNormGradient(values, node)
      else values.expansionGradients.set(node.outputs[0], gradient(values, node, expansion))
    },
    conv2dInputGradient: (values, node) => {
      const [dx, , sum] = node.inputs
      const known = values.expansionGradients.get(dx)
      if (known === undefined) table.conv2dInputGradient(values, node)
      else values.setBlocked(node.outputs[0], known.input(sum && values.blocked(sum)))
    },
    conv2dWeightGradient: (values, node) => {
      const known = values.expansionGradients.get(node.inputs[1])
      if (known === undefined) table.conv2dWeightGradient(values, node)
      else values.setBlocked(node.outputs[0], known.weight)
    },
  }
}

/** Elements of the wide map below which it lies in the cache anyhow, and passes over it cost little. */
const smallest = 2 ** 19

function isExpansion(values: BlockedValues, { inputs, attributes, outputs }: NodeOf<'conv2d'>): boolean {
  const [input, weight, bias, sum] = inputs
  const [x] = outputs
  const [O, I, rows, columns] = weight.shape
  const { stride, pads, activation } = attributes
  const isPointwise = rows * columns === 1 && stride === 1 && pads.every((pad) => pad === 0)
  if (!isPointwise || bias !== undefined || sum !== undefined || activation !== 'identity') return false
  if (isPooled(input, weight) || readsImage(input, values.block)) return false
  if (2 * values.padded(I) > O || size(x.shape) < smallest) return false
  const readers = values.readers.of(x)
  return readers.length === 2 && readers.every((reader) => canNormalize(values, reader, x, weight))
}

/** BatchNorm without skip or stochastic depth, and its gradient, which only the gradients of the convolution read. */
function canNormalize(values: BlockedValues, reader: Node, x: Tensor, weight: Tensor): boolean {
  if (isOperation(reader, 'batchNorm')) return reader.inputs[3] === undefined && reader.inputs[4] === undefined
  if (!isOperation(reader, 'batchNormGradient') || reader.inputs[0] !== x) return false
  const [dx] = reader.outputs
  const readers = values.readers.of(dx)
  return (
    readers.length > 0 &&
    readers.every(
      (each) =>
        (isOperation(each, 'conv2dWeightGradient') && each.inputs[1] === dx) ||
        (isOperation(each, 'conv2dInputGradient') && each.inputs[1] === weight && each.inputs[2] !== dx),
    )
  )
}

function normalize(values: BlockedValues, node: NodeOf<'batchNorm'>, expansion: Expansion): void {
  const { emitter } = values
  const [, gamma, beta] = node.inputs
  const [y, meanOutput, varianceOutput, preactivation] = node.outputs
  const { epsilon, activation } = node.attributes
  const stored = storedWeight(values, expansion)
  const { I, O } = stored
  const map = values.map(expansion.input)
  const pixels = map.H * map.W

  const plain = emitter.reshape(values.paddedPlain(expansion.input), [map.N, I, pixels])
  const products = emitter.reduceSum(matMulTransposedRight(emitter, plain, plain, 3), [0])
  const inputMean = channelMean(values, values.globalAverage(map.name), map)
  const outer = emitter.multiply(emitter.reshape(inputMean, [I, 1]), emitter.reshape(inputMean, [1, I]))
  const covariance = emitter.subtract(emitter.multiply(products, emitter.float(1 / (map.N * pixels))), outer)
  const matrix = emitter.reshape(emitter.transpose(stored.blocks, [1, 0, 2]), [I, O])
  const spread = emitter.op('MatMul', [covariance, matrix])
  const variance = emitter.op('Relu', [emitter.reduceSum(emitter.multiply(matrix, spread), [0])])
  const mean = emitter.reshape(emitter.op('MatMul', [emitter.reshape(inputMean, [1, I]), matrix]), [O])
  values.setBlocked(meanOutput, mean)
  values.setBlocked(varianceOutput, variance)

  const scale = emitter.multiply(values.blocked(gamma), inverseDeviation(values, variance, epsilon))
  const shift = emitter.subtract(values.blocked(beta), emitter.multiply(mean, scale))
  const scaledWeight = scaleOutputs(values, stored.name, expansion.weight, scale)
  const z = values.convolve(map.name, scaledWeight, {
    kernel: [1, 1],
    bias: shift,
    activation: fusedActivation(activation),
  })
  values.setBlocked(preactivation, z)
  values.setBlocked(y, activation === 'silu' ? activate(emitter, 'silu', z) : z)
  expansion.moments = { inputMean, matrix, spread, scale, scaledWeight }
}

/**
 * dx = γ/σ·(dz − mean(dz) − x̂·mean(dz·x̂)) with x = W·a, put into
 * dW = dx·aᵀ = γ/σ·(dz·aᵀ − M·mean(dz)·mean(a)ᵀ − M/σ·mean(dz·x̂)·(C·W)ᵀ), M pixels, and
 * da = Wᵀ·dx = (γ/σ·W)ᵀ·dz − K·a + const with K = Wᵀ·diag(γ/σ²·mean(dz·x̂))·W, a small matrix.
 */
function gradient(values: BlockedValues, node: NodeOf<'batchNormGradient'>, expansion: Expansion): ExpansionGradient {
  const { emitter, block } = values
  const { moments } = expansion
  if (moments === undefined) throw new Error('the gradient of a BatchNorm comes after it')
  const { inputMean, matrix, spread, scale, scaledWeight } = moments
  const [, dGamma, dBeta, dSkip] = node.outputs
  const stored = storedWeight(values, expansion)
  const { I, O } = stored
  const [N, , H, W] = featureMap(node.inputs[0])
  const pixels = N * H * W
  const perBlock = (vector: string): string => emitter.reshape(vector, [O / block, 1, block])
  const count = emitter.float(pixels)

  const dz = beforeActivation(values, node)
  const output = { name: dz, N, C: O, H, W }
  values.setBlocked(dSkip, dz)
  const [mean, inverse] = [
    values.blocked(node.inputs[5]),
    inverseDeviation(values, values.blocked(node.inputs[6]), node.attributes.epsilon),
  ]
  const products = pointwiseProduct(values, expansion.input, output)
  const meanDz = channelMean(values, values.globalAverage(dz), output)
  const sumDzX = emitter.reshape(emitter.reduceSum(emitter.multiply(stored.blocks, products), [1]), [O])
  const meanDzX = emitter.multiply(sumDzX, emitter.float(1 / pixels))
  const meanDzNormalized = emitter.multiply(emitter.subtract(meanDzX, emitter.multiply(mean, meanDz)), inverse)
  values.setBlocked(dGamma, emitter.multiply(meanDzNormalized, count))
  values.setBlocked(dBeta, emitter.multiply(meanDz, count))

  const slope = emitter.multiply(inverse, meanDzNormalized)
  const byMean = emitter.multiply(perBlock(emitter.multiply(meanDz, count)), emitter.reshape(inputMean, [1, I, 1]))
  const spreadBlocks = emitter.transpose(emitter.reshape(spread, [I, O / block, block]), [1, 0, 2])
  const bySpread = emitter.multiply(perBlock(emitter.multiply(slope, count)), spreadBlocks)
  const centred = emitter.subtract(emitter.subtract(products, byMean), bySpread)
  const weight = scaleOutputs(values, centred, expansion.weight, scale)

  const input = (sum: string | undefined): string => {
    const slopes = emitter.multiply(scale, slope)
    const constants = emitter.subtract(emitter.multiply(slopes, mean), emitter.multiply(scale, meanDz))
    const bias = matMulTransposedRight(emitter, emitter.reshape(constants, [1, O]), matrix)
    const weighted = emitter.multiply(matrix, emitter.op('Neg', [emitter.reshape(slopes, [1, O])]))
    // Symmetric, so rows of outputs are rows of inputs.
    const mixing = emitter.reshape(matMulTransposedRight(emitter, weighted, matrix), [I, I / block, block])
    const mixed = values.convolve(
      values.blocked(expansion.input),
      emitter.reshape(emitter.transpose(mixing, [1, 0, 2]), [I, I, 1, 1]),
      { kernel: [1, 1], bias: emitter.reshape(bias, [I]), sum },
    )
    const backwards = transposeWeights(values, { name: scaledWeight, O, I }, 1, [0], [1, 1])
    return values.convolve(dz, backwards, { kernel: [1, 1], sum: mixed })
  }
  return { weight, input }
}

/** The weight as it is stored, and its `blocks` [O/B, I, B]. */
function storedWeight(values: BlockedValues, { weight }: Expansion): DenseWeight & { readonly blocks: string } {
  const stored = denseWeight(values, weight)
  const { name, O, I } = stored
  return { ...stored, blocks: values.emitter.reshape(name, [O / values.block, I, values.block]) }
}
