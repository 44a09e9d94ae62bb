import { isOperation } from '../../../graph/program.ts'
import { size, type Node, type Shape, type Tensor } from '../../../graph/tensor.ts'
import type { StoredRows } from '../../engine.ts'
import { isPooled } from './pooledConvolution.ts'
import type { BlockedValues } from './values.ts'

/**
 * How a parameter lies in the flat vector for good; gradients and optimizer state lie the same way.
 * - `dense` [O/B, I/B, kh, kw, Bi, Bo], declared [O, I, kh, kw]
 * - `first` [O/B, I, kh, kw, Bo], declared [O, I, kh, kw]: the input is an image with fewer channels than a block
 * - `depthwise` [C/B, kh, kw, B], declared [C, 1, kh, kw]
 * - `matrix` [I, O], padded: a convolution of maps of one pixel
 * - `vector` [C], padded
 * - `rowMajor` as it is: what no convolution reads
 */
export type Storage = 'dense' | 'first' | 'depthwise' | 'matrix' | 'vector' | 'rowMajor'

/** The storage that the reader of a parameter needs. */
export function storageOf(parameter: Tensor, live: readonly Node[], block: number): Storage {
  if (parameter.shape.length === 1) return 'vector'
  for (const node of live) {
    if (isOperation(node, 'depthwiseConv2d') && node.inputs[1] === parameter) return 'depthwise'
    if (isOperation(node, 'conv2d') && node.inputs[1] === parameter) {
      const [x] = node.inputs
      return isPooled(x, parameter) ? 'matrix' : readsImage(x, block) ? 'first' : 'dense'
    }
    const isConvolution = isOperation(node, 'upsampleConv2d') || isOperation(node, 'conv2dInputGradient')
    if (isConvolution && node.inputs[1] === parameter) return 'dense'
  }
  return 'rowMajor'
}

/** An image of few channels is convolved as it is, without blocks. */
export function readsImage(x: Tensor, block: number): boolean {
  return isOperation(x.node, 'input') && x.shape[1] < block
}

export function storedDims(shape: Shape, storage: Storage, padded: (channels: number) => number): readonly number[] {
  const [O = 1, I = 1, ...kernel] = shape
  switch (storage) {
    case 'vector':
      return [padded(O)]
    case 'matrix':
      return [padded(I), padded(O)]
    case 'depthwise':
      return [padded(O), 1, ...kernel]
    case 'first':
      return [padded(O), I, ...kernel]
    case 'dense':
      return [padded(O), padded(I), ...kernel]
    case 'rowMajor':
      return shape
  }
}

/** Stored position of every logical element, row-major. */
export function storedPositions(shape: Shape, storage: Storage, block: number): Int32Array {
  const [O = 1, I = 1, rows = 1, columns = 1] = shape
  const taps = rows * columns
  const positions = Int32Array.from({ length: size(shape) }, (_, index) => index)
  if (storage === 'rowMajor') return positions
  const inputBlocks = Math.ceil(I / block)
  let index = 0
  for (let o = 0; o < O; o++) {
    const [outputBlock, outputLane] = [Math.floor(o / block), o % block]
    if (storage === 'vector' || storage === 'matrix') {
      for (let i = 0; i < I; i++) positions[index++] = i * Math.ceil(O / block) * block + o
      continue
    }
    for (let i = 0; i < I; i++) {
      const [inputBlock, inputLane] = [Math.floor(i / block), i % block]
      for (let tap = 0; tap < taps; tap++)
        positions[index++] =
          storage === 'dense'
            ? (((outputBlock * inputBlocks + inputBlock) * taps + tap) * block + inputLane) * block + outputLane
            : ((outputBlock * I + i) * taps + tap) * block + outputLane
    }
  }
  return positions
}

/** Where the output channels of a weight lie; a vector has none. */
export function storedRows(dims: readonly number[], storage: Storage, block: number): StoredRows | undefined {
  if (storage === 'vector') return undefined
  if (storage === 'matrix') return { outer: 1, inner: dims[0], block: dims[1] }
  return { outer: dims[0] / block, inner: size(dims.slice(1)), block }
}

/** A dense weight in stored form with its padded extents. */
export interface DenseWeight {
  readonly name: string
  readonly O: number
  readonly I: number
}

/**
 * Weights of the convolution that goes backwards: input and output channels exchanged, and of the taps those listed, in
 * that order. [O/B, I/B, taps, Bi, Bo] → [I/B, O/B, chosen, Bo, Bi], declared [I, O, rows, columns].
 */
export function transposeWeights(
  values: BlockedValues,
  { name, O, I }: DenseWeight,
  taps: number,
  chosen: readonly number[],
  [rows, columns]: readonly [number, number],
): string {
  const { emitter, block } = values
  const [outputs, inputs] = [O / block, I / block]
  const flipped = flipBlocks(values, name, outputs * inputs, taps, chosen)
  const exchanged =
    outputs === 1 || inputs === 1
      ? flipped
      : emitter.transpose(emitter.reshape(flipped, [outputs, inputs, chosen.length * block * block]), [1, 0, 2])
  return emitter.reshape(exchanged, [I, O, rows, columns])
}

/** [blocks, taps, B, B] → [blocks, chosen, B, B], each B×B transposed. */
export function flipBlocks(
  { emitter, block }: BlockedValues,
  name: string,
  blocks: number,
  taps: number,
  chosen: readonly number[],
): string {
  const isIdentity = chosen.length === taps && chosen.every((tap, index) => tap === index)
  const picked = isIdentity
    ? name
    : emitter.op('Gather', [emitter.reshape(name, [blocks, taps, block * block]), emitter.integers(chosen)], {
        axis: 1,
      })
  // Reordering [B, 1, B] as an image transposes each B×B block, threaded: four times faster than Transpose.
  const view = emitter.reshape(picked, [blocks * chosen.length, block, 1, block])
  return emitter.op('ReorderInput', [view], {}, 'com.microsoft.nchwc')
}

export function inOrder(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}

export function reversedTaps(count: number): readonly number[] {
  return inOrder(count).toReversed()
}
