import type { ConvolutionAttributes } from '../../../graph/operations.ts'
import type { NodeOf, Tensor } from '../../../graph/tensor.ts'
import { correlate } from './correlation.ts'
import type { BlockedValues } from './values.ts'
import { flipBlocks, readsImage, reversedTaps } from './weights.ts'

/** dW of a dense convolution, in stored form. */
export function convolutionWeightGradient(values: BlockedValues, node: NodeOf<'conv2dWeightGradient'>): void {
  const [x, dy] = node.inputs
  const { weightShape, ...attributes } = node.attributes
  const [rows, columns] = [weightShape[2], weightShape[3]]
  const geometry = { ...attributes, rows, columns }
  const isPointwise = rows * columns === 1 && attributes.stride === 1 && attributes.pads.every((pad) => pad === 0)
  const gradient = readsImage(x, values.block)
    ? ofImage(values, x, dy, geometry)
    : isPointwise
      ? ofPointwise(values, x, dy)
      : attributes.stride > 1 || values.padded(x.shape[1]) <= values.padded(dy.shape[1])
        ? slideInput(values, x, dy, geometry)
        : slideOutputGradient(values, x, dy, geometry)
  values.setBlocked(node.outputs[0], gradient)
}

type Geometry = ConvolutionAttributes & { readonly rows: number; readonly columns: number }

/** 1×1: x [N, 1, I, L] · dY [N, O/B, L, B] is already in stored order. */
function ofPointwise(values: BlockedValues, x: Tensor, dy: Tensor): string {
  const { emitter, block } = values
  const [input, output] = [values.map(x), values.map(dy)]
  const [N, L] = [input.N, input.H * input.W]
  const left = emitter.reshape(values.paddedPlain(x), [N, 1, input.C, L])
  const right = emitter.reshape(output.name, [N, output.C / block, L, block])
  const perImage = emitter.op('MatMul', [left, right])
  return emitter.reshape(emitter.reduceSum(perImage, [0]), [output.C, input.C, 1, 1])
}

/** Rows and columns to add before and after x so that a kernel as large as dY, dilated by the stride, fits k times. */
function sides(x: Tensor, dy: Tensor, { rows, columns, stride, dilation, pads }: Geometry): readonly number[] {
  const [height, width] = [
    stride * (dy.shape[2] - 1) + dilation * (rows - 1) + 1,
    stride * (dy.shape[3] - 1) + dilation * (columns - 1) + 1,
  ]
  return [pads[0], pads[1], height - x.shape[2] - pads[0], width - x.shape[3] - pads[1]]
}

/** dY as the kernel: [I/B, O/B, taps, Bi·Bo], so only blocks change places. */
function slideInput(values: BlockedValues, x: Tensor, dy: Tensor, geometry: Geometry): string {
  const { emitter, block } = values
  const { rows, columns, stride, dilation } = geometry
  const { C: I, ...map } = values.surrounded(x, sides(x, dy, geometry))
  const sliding = { ...map, blocks: I / block, lanes: block }
  const result = correlate(values, sliding, values.map(dy), { rows, columns, stride, spacing: dilation })
  const O = values.padded(dy.shape[1])
  const ordered = I === block || O === block ? result : emitter.transpose(result, [1, 0, 2, 3])
  return emitter.reshape(ordered, [O, I, rows, columns])
}

/** x as the kernel, for more input than output channels (stride 1): [O/B, I/B, reversed taps, Bo·Bi]. */
function slideOutputGradient(values: BlockedValues, x: Tensor, dy: Tensor, geometry: Geometry): string {
  const { rows, columns, dilation, pads } = geometry
  const extents = [rows, columns, rows, columns]
  const around = pads.map((pad, side) => dilation * (extents[side] - 1) - pad)
  const { C: O, ...map } = values.surrounded(dy, around)
  const [kernel, taps] = [values.map(x), rows * columns]
  const sliding = { ...map, blocks: O / values.block, lanes: values.block }
  const result = correlate(values, sliding, kernel, { rows, columns, stride: 1, spacing: dilation })
  const blocks = sliding.blocks * (kernel.C / values.block)
  const flipped = flipBlocks(values, result, blocks, taps, reversedTaps(taps))
  return values.emitter.reshape(flipped, [O, kernel.C, rows, columns])
}

/** An image of few channels, which lie beside each other: [1, O/B, taps, I·Bo] → [O/B, I, taps, Bo]. */
function ofImage(values: BlockedValues, x: Tensor, dy: Tensor, geometry: Geometry): string {
  const { emitter, block } = values
  const { rows, columns, stride, dilation } = geometry
  const [N, I, H, W] = x.shape as readonly [number, number, number, number]
  const O = values.padded(dy.shape[1])
  const [top, left, bottom, right] = sides(x, dy, geometry)
  const interleaved = emitter.transpose(values.plain(x), [0, 2, 3, 1])
  const name = emitter.pad(interleaved, [0, top, left, 0], [0, bottom, right, 0])
  const sliding = { name, N, blocks: 1, lanes: I, H: H + top + bottom, W: W + left + right }
  const result = correlate(values, sliding, values.map(dy), { rows, columns, stride, spacing: dilation })
  const ordered = emitter.transpose(emitter.reshape(result, [O / block, rows * columns, I, block]), [0, 2, 1, 3])
  return emitter.reshape(ordered, [O, I, rows, columns])
}
