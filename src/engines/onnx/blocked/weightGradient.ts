import type { ConvolutionAttributes } from '../../../graph/operations.ts'
import type { NodeOf, Tensor } from '../../../graph/tensor.ts'
import type { BlockedMap, BlockedValues } from './values.ts'
import { readsImage, reversedTaps } from './weights.ts'

/** dW of a dense convolution, in stored form. */
export function convolutionWeightGradient(values: BlockedValues, node: NodeOf<'conv2dWeightGradient'>): void {
  const [x, dy] = node.inputs
  const { weightShape, ...attributes } = node.attributes
  const [rows, columns] = [weightShape[2], weightShape[3]]
  const geometry = { ...attributes, rows, columns }
  const isImage = readsImage(x, values.block)
  const pointwise = rows * columns === 1 && attributes.stride === 1 && attributes.pads.every((pad) => pad === 0)
  const [I, O] = [values.padded(x.shape[1]), values.padded(dy.shape[1])]
  const gradient = isImage
    ? ofImage(values, x, dy, geometry)
    : pointwise
      ? ofPointwise(values, x, dy)
      : attributes.stride > 1 || I <= O || thrashes(values, x)
        ? slideInput(values, x, dy, geometry)
        : slideOutputGradient(values, x, dy, geometry)
  values.setBlocked(node.outputs[0], gradient)
}

/**
 * The kernel's memory is read once per sliding channel and output row: four blocks of a map that do not fit into the
 * second-level cache (2 MiB) come from further away each time. Measured at 128²: 24 ms with 64 channels as the kernel,
 * 18 ms with the 32 of the other tensor.
 */
function thrashes(values: BlockedValues, kernel: Tensor): boolean {
  const [, C, H, W] = kernel.shape
  return Math.min(values.padded(C), 4 * values.block) * H * W * 4 > 2 ** 21
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

/** Largest kernel in bytes that is read again and again without leaving the second-level cache. */
const cachedBytes = 2 ** 20

/**
 * Into how many strips of rows the kernel is cut so that each stays in the cache; 1 where it does, or where the strips of
 * its blocks do not lie one after another.
 */
function stripsOf(
  { C, H, W }: BlockedMap,
  { stride, dilation }: Pick<Geometry, 'stride' | 'dilation'>,
  block: number,
): number {
  if (C !== block || stride !== 1 || dilation !== 1) return 1
  let strips = 1
  while ((H * W * block * 4) / strips > cachedBytes && H % (2 * strips) === 0) strips *= 2
  return strips
}

/**
 * Σ_n over a batch as ONE convolution: plain [C1, N, H, W] against the other tensor as its kernel, group = N. The memory
 * of a blocked map already is that of a blocked filter [N·C2, 1, H, W]. Padding inside the convolution would cost 2–3
 * times as much, so `plain` comes padded. → [C1, C2/B, rows·columns, B]
 */
function correlate(
  values: BlockedValues,
  plain: string,
  kernel: BlockedMap,
  slidingChannels: number,
  geometry: Pick<Geometry, 'rows' | 'columns' | 'stride' | 'dilation'>,
): string {
  const { emitter, block } = values
  const { N, C, H, W } = kernel
  const { rows, columns, stride, dilation } = geometry
  const strips = stripsOf(kernel, geometry, block)
  const batchLast = emitter.transpose(plain, [1, 0, 2, 3])
  const sliding = strips === 1 ? batchLast : cutIntoStrips(values, batchLast, slidingChannels, kernel, geometry, strips)
  const kernels = emitter.reshape(kernel.name, [N * strips * C, 1, H / strips, W])
  const parts = values.convolve(sliding, kernels, {
    kernel: [H / strips, W],
    group: N * strips,
    dilation: stride,
    stride: dilation,
  })
  const taps = rows * columns
  const perPart = emitter.reshape(parts, [slidingChannels, N * strips, (C / block) * taps * block])
  return emitter.reshape(emitter.reduceSum(perPart, [1]), [slidingChannels, C / block, taps, block])
}

/** [C1, N, H + k − 1, W'] → [C1, N·strips, H/strips + k − 1, W']: neighbouring strips share the rows that a window spans. */
function cutIntoStrips(
  { emitter }: BlockedValues,
  plain: string,
  channels: number,
  { N, H, W }: BlockedMap,
  { rows, columns }: Pick<Geometry, 'rows' | 'columns'>,
  strips: number,
): string {
  const height = H / strips + rows - 1
  const indices = Array.from(
    { length: strips * height },
    (_, row) => Math.floor(row / height) * (H / strips) + (row % height),
  )
  const cut = emitter.op('Gather', [plain, emitter.integers(indices)], { axis: 2 })
  return emitter.reshape(cut, [channels, N * strips, height, W + columns - 1])
}

/** dY as the kernel: [I, O/B, taps, Bo]. */
function slideInput(values: BlockedValues, x: Tensor, dy: Tensor, geometry: Geometry): string {
  const { emitter, block } = values
  const [I, O] = [values.padded(x.shape[1]), values.padded(dy.shape[1])]
  const taps = geometry.rows * geometry.columns
  const sliding = values.surroundedPlain(x, sides(x, dy, geometry))
  const result = correlate(values, sliding, values.map(dy), I, geometry)
  const ordered = emitter.transpose(
    emitter.reshape(result, [I / block, block, O / block, taps, block]),
    [2, 0, 3, 1, 4],
  )
  return emitter.reshape(ordered, [O, I, geometry.rows, geometry.columns])
}

/** An image of few channels: the result is [O/B, I, taps, Bo]. */
function ofImage(values: BlockedValues, x: Tensor, dy: Tensor, geometry: Geometry): string {
  const { emitter } = values
  const [I, O] = [x.shape[1], values.padded(dy.shape[1])]
  const [top, left, bottom, right] = sides(x, dy, geometry)
  const sliding = emitter.pad(values.plain(x), [0, 0, top, left], [0, 0, bottom, right])
  const result = correlate(values, sliding, values.map(dy), I, geometry)
  return emitter.reshape(emitter.transpose(result, [1, 0, 2, 3]), [O, I, geometry.rows, geometry.columns])
}

/** x as the kernel, for more input than output channels (stride 1): [O, I/B, reversed taps, Bi]. */
function slideOutputGradient(values: BlockedValues, x: Tensor, dy: Tensor, geometry: Geometry): string {
  const { emitter, block } = values
  const { rows, columns, dilation, pads } = geometry
  const [I, O] = [values.padded(x.shape[1]), values.padded(dy.shape[1])]
  const taps = rows * columns
  const extents = [rows, columns, rows, columns]
  const sliding = values.surroundedPlain(
    dy,
    pads.map((pad, side) => dilation * (extents[side] - 1) - pad),
  )
  const result = correlate(values, sliding, values.map(x), O, { ...geometry, stride: 1 })
  const forward = emitter.op('Gather', [result, emitter.integers(reversedTaps(taps))], { axis: 2 })
  const ordered = emitter.transpose(
    emitter.reshape(forward, [O / block, block, I / block, taps, block]),
    [0, 2, 3, 4, 1],
  )
  return emitter.reshape(ordered, [O, I, rows, columns])
}
