import type { OperationName } from '../../graph/operations.ts'
import { isHalf, type NodeOf, type Shape, type Tensor } from '../../graph/tensor.ts'
import type { StoredRows } from '../engine.ts'
import type { Emitter, OnnxType, OnnxValue } from './emitter.ts'

/** A parameter (or the piece of one) as it lies in the flat vector, in the lowering's own order of elements. */
export interface StoredParameter {
  /** Name of its graph input. */
  readonly input: string
  readonly key: string
  /** Logical shape of the piece: [O, I, kh, kw] or [C]. */
  readonly shape: Shape
  /** Input channels `offset` … of `total` where only a piece is stored. */
  readonly piece?: { readonly offset: number; readonly total: number } | undefined
  /** Dims of the graph input. */
  readonly dims: readonly number[]
  /** Elements in the flat vector, padding included. */
  readonly length: number
  /** First element in the flat vector. */
  readonly offset: number
  /** Stored position of each logical element of the piece, in row-major order. */
  readonly positions: () => Int32Array
  /** Where its output channels lie; of tensors of rank 2 or more. */
  readonly rows?: StoredRows | undefined
}

/** A running statistic as the program wants it. */
export interface StoredBuffer {
  readonly key: string
  readonly channels: number
  /** Elements, padding included. */
  readonly length: number
  readonly dims: readonly number[]
}

/** A program ready for ONNX Runtime, and how its inputs and outputs are to be fed. */
export interface LoweredProgram {
  readonly emitter: Emitter
  readonly parameters: readonly StoredParameter[]
  readonly buffers: readonly StoredBuffer[]
  /** Inputs other than parameters and buffers. */
  readonly data: readonly OnnxValue[]
  /** Named results; updates of buffers are called `update:KEY`, the flat gradient `gradient`. */
  readonly results: readonly OnnxValue[]
  /** Elements of the flat vector of all parameters; a multiple of `flatMultiple`. */
  readonly flatLength: number
}

/** Flat vectors are padded to a multiple of this many elements: whole vector registers for every thread. */
export const flatMultiple = 8192

/** What the operators in ordinary layout need of a lowering. */
export interface PlainValues {
  readonly emitter: Emitter
  /** Name of the value in its logical shape, row-major. */
  plain(tensor: Tensor): string
  setPlain(tensor: Tensor, name: string): void
}

/** One function per operation; each leaves names for the node's outputs. */
export type LoweringTable<Values, K extends OperationName = OperationName> = {
  readonly [Name in K]: (values: Values, node: NodeOf<Name>) => void
}

/** Of what goes into or comes out of a program. */
export function outsideType({ dtype }: Tensor): OnnxType {
  if (isHalf(dtype)) throw new Error('values in half precision stay inside a program')
  return dtype
}
