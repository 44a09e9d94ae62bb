import type { ConvolutionAttributes } from '../../../graph/operations.ts'
import type { NodeOf, Shape, Tensor } from '../../../graph/tensor.ts'
import { activate } from '../operators/activation.ts'
import type { LoweringTable } from '../lowering.ts'
import { isPooled, pooledConvolution, pooledInputGradient, pooledWeightGradient } from './pooledConvolution.ts'
import type { BlockedMap, BlockedValues } from './values.ts'
import { readsImage, reversedTaps, transposeWeights, type DenseWeight } from './weights.ts'
import { convolutionWeightGradient } from './weightGradient.ts'

export const convolutionOperators: LoweringTable<
  BlockedValues,
  'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient'
> = {
  conv2d: (values, node) => {
    const [x, weight, bias, sum] = node.inputs
    if (isPooled(x, weight)) {
      pooledConvolution(values, node)
      return
    }
    const { activation, stride, dilation, pads } = node.attributes
    const image = readsImage(x, values.block) ? values.plain(x) : values.blocked(x)
    const y = values.convolve(image, values.blocked(weight), {
      kernel: kernelOf(weight.shape),
      stride,
      dilation,
      pads,
      bias: bias && values.blocked(bias),
      sum: sum && values.blocked(sum),
      activation: fusedActivation(activation),
    })
    values.setBlocked(node.outputs[0], activation === 'silu' ? activate(values.emitter, 'silu', y) : y)
  },
  conv2dInputGradient: (values, node) => {
    if (isPooled(node.outputs[0], node.inputs[1])) pooledInputGradient(values, node)
    else values.setBlocked(node.outputs[0], inputGradient(values, node))
  },
  conv2dWeightGradient: (values, node) => {
    if (isPooled(node.inputs[0], node.outputs[0])) pooledWeightGradient(values, node)
    else convolutionWeightGradient(values, node)
  },
}

export function kernelOf(weightShape: Shape): readonly [number, number] {
  return [weightShape[2], weightShape[3]]
}

/** What the blocked convolution does in its own pass; SiLU it cannot. */
export function fusedActivation(kind: NodeOf<'conv2d'>['attributes']['activation']): 'Relu' | 'Clip' | undefined {
  return kind === 'relu' ? 'Relu' : kind === 'relu6' ? 'Clip' : undefined
}

function inputGradient(values: BlockedValues, node: NodeOf<'conv2dInputGradient'>): string {
  const [dy, weight, sum] = node.inputs
  const { stride, dilation, pads, inputShape } = node.attributes
  const [, , H, W] = inputShape
  const stored = denseWeight(values, weight)
  const [rows, columns] = kernelOf(weight.shape)
  const previous = sum && values.blocked(sum)
  const target = { dy: values.map(dy), stored, H: H, W: W, sum: previous }

  if (stride === 1 || rows * columns === 1 || dilation > 1 || stride > 2) {
    const pointwise = rows * columns === 1 && pads.every((pad) => pad === 0)
    return pointwise && stride > 1
      ? pointwiseStrided(values, target, stride)
      : overInsertedZeros(values, target, { rows, columns, stride, dilation, pads })
  }
  return inPhases(values, target, { rows, columns, pads })
}

interface Target {
  readonly dy: BlockedMap
  readonly stored: DenseWeight
  /** Extents of the gradient. */
  readonly H: number
  readonly W: number
  readonly sum: string | undefined
}

export function denseWeight(values: BlockedValues, weight: Tensor): DenseWeight {
  const [O, I] = weight.shape
  return { name: values.blocked(weight), O: values.padded(O), I: values.padded(I) }
}

type Geometry = ConvolutionAttributes & { readonly rows: number; readonly columns: number }

/** dX = dY (with zeros between its pixels where the stride is above 1) convolved with the reversed taps. */
function overInsertedZeros(values: BlockedValues, target: Target, geometry: Geometry): string {
  const { rows, columns, stride, dilation, pads } = geometry
  const { dy, stored, H, W, sum } = target
  const sparse = insertZeros(values, dy, stride)
  const [top, left] = [dilation * (rows - 1) - pads[0], dilation * (columns - 1) - pads[1]]
  const bottom = H - sparse.H + dilation * (rows - 1) - top
  const right = W - sparse.W + dilation * (columns - 1) - left
  const cut = [top, left, bottom, right].map((pad) => Math.min(pad, 0))
  const cropped = values.padMap(sparse, cut)
  const transposed = transposeWeights(values, stored, rows * columns, reversedTaps(rows * columns), [rows, columns])
  const remaining = [top, left, bottom, right].map((pad) => Math.max(pad, 0))
  return values.convolve(cropped.name, transposed, { kernel: [rows, columns], dilation, pads: remaining, sum })
}

/** Every pixel followed by stride − 1 zeros in each direction. */
export function insertZeros(values: BlockedValues, { name, N, C, H, W }: BlockedMap, stride: number): BlockedMap {
  if (stride === 1) return { name, N, C, H, W }
  const { emitter, block } = values
  const view = emitter.reshape(name, [((N * C) / block) * H, 1, W, 1, block])
  const padded = emitter.pad(view, [0, 0, 0, 0, 0], [0, stride - 1, 0, stride - 1, 0])
  return { name: emitter.reshape(padded, [N, C, stride * H, stride * W]), N, C, H: stride * H, W: stride * W }
}

/** 1×1: convolve at the low resolution, then insert the zeros. */
function pointwiseStrided(values: BlockedValues, { dy, stored, H, W, sum }: Target, stride: number): string {
  const transposed = transposeWeights(values, stored, 1, [0], [1, 1])
  const small = { ...dy, C: stored.I, name: values.convolve(dy.name, transposed, { kernel: [1, 1] }) }
  const sparse = insertZeros(values, small, stride)
  const fitted = values.padMap(sparse, [0, 0, H - sparse.H, W - sparse.W]).name
  return sum === undefined ? fitted : values.emitter.add(fitted, sum)
}

interface Phase {
  readonly taps: readonly number[]
  readonly before: number
  readonly after: number
}

/**
 * Stride 2 along one axis: the pixels 2i + parity of dX see only the taps k ≡ parity + pad (mod 2); they are an ordinary
 * convolution of dY with those, reversed.
 */
function phase(parity: number, pad: number, kernel: number, outputs: number, inputs: number): Phase {
  const first = (parity + pad) % 2
  const count = Math.ceil((kernel - first) / 2)
  const before = count - 1 - (parity + pad - first) / 2
  const taps = Array.from({ length: count }, (_, index) => first + 2 * (count - 1 - index))
  return { taps, before, after: outputs - inputs - before + count - 1 }
}

/** Stride 2: four phases of dX, each an ordinary convolution with its share of the taps, interleaved by two Concats. */
function inPhases(values: BlockedValues, target: Target, geometry: Omit<Geometry, 'stride' | 'dilation'>): string {
  const { emitter, block } = values
  const { rows, columns, pads } = geometry
  const { dy, stored, H, W, sum } = target
  const [height, width] = [Math.ceil(H / 2), Math.ceil(W / 2)]
  const vertical = [0, 1].map((parity) => phase(parity, pads[0], rows, height, dy.H))
  const horizontal = [0, 1].map((parity) => phase(parity, pads[1], columns, width, dy.W))

  const interleavedRows = vertical.map((down) => {
    const parts = horizontal.map((across) => {
      const taps = down.taps.flatMap((row) => across.taps.map((column) => row * columns + column))
      const kernel = [down.taps.length, across.taps.length] as const
      const transposed = transposeWeights(values, stored, rows * columns, taps, kernel)
      const sides = [down.before, across.before, down.after, across.after]
      const cropped = values.padMap(
        dy,
        sides.map((pad) => Math.min(pad, 0)),
      )
      const part = values.convolve(cropped.name, transposed, { kernel, pads: sides.map((pad) => Math.max(pad, 0)) })
      return emitter.reshape(part, [((dy.N * stored.I) / block) * height * width, 1, block])
    })
    const row = emitter.op('Concat', parts, { axis: 1 })
    return emitter.reshape(row, [((dy.N * stored.I) / block) * height, 1, 2 * width * block])
  })
  const whole = emitter.op('Concat', interleavedRows, { axis: 1 })
  const map = {
    name: emitter.reshape(whole, [dy.N, stored.I, 2 * height, 2 * width]),
    N: dy.N,
    C: stored.I,
    H: 2 * height,
    W: 2 * width,
  }
  const fitted = values.padMap(map, [0, 0, H - map.H, W - map.W]).name
  return sum === undefined ? fitted : emitter.add(fitted, sum)
}
