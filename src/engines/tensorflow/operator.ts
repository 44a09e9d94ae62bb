import type * as tfjs from '@tensorflow/tfjs-core'
import type { OperationName, OperationTable } from '../../graph/operations.ts'
import type { NodeOf } from '../../graph/tensor.ts'

/** The functions of whichever TensorFlow.js the user has; ours are its types only. */
export type TensorFlow = typeof tfjs
/** A tensor of the backend, in held form (layout.ts). */
export type Value = tfjs.Tensor

type Values<Inputs extends readonly unknown[]> = { readonly [Index in keyof Inputs]: Value }
type InputsOf<K extends OperationName> = Values<OperationTable[K]['inputs']>

/**
 * One function per operation, from the values of a node's inputs to those of its outputs. It may return an input and leave
 * temporary tensors behind: the interpreter sees to both.
 */
export type Operators<K extends OperationName> = {
  readonly [Name in K]: (tf: TensorFlow, inputs: InputsOf<Name>, node: NodeOf<Name>) => Value | readonly Value[]
}

/** The extents of a held feature map. */
export function mapExtents({ shape }: Value): readonly [N: number, H: number, W: number, C: number] {
  return shape as readonly number[] as readonly [number, number, number, number]
}
