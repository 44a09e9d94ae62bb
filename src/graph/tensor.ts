import type { OperationTable, OperationName } from './operations.ts'

/** Extents in row-major order; feature maps are [N, C, H, W]. Always static. */
export type Shape = readonly number[]
/** Floats of 16 bits: IEEE 754 binary16, and the upper half of a float32 ("brain floating point"). */
export type HalfType = 'float16' | 'bfloat16'
export type FloatType = 'float32' | HalfType
export type DType = FloatType | 'int32'

/** A value of the graph: what one node makes, in logical (layout-free) shape. */
export interface Tensor {
  readonly graph: Graph
  readonly id: number
  readonly shape: Shape
  readonly dtype: DType
  readonly node: Node
  /** Which of the node's outputs this is. */
  readonly index: number
}

/** One application of an operation; `OperationTable` names the inputs and attributes of each. */
export interface NodeOf<K extends OperationName> {
  readonly operation: K
  readonly inputs: OperationTable[K]['inputs']
  readonly attributes: OperationTable[K]['attributes']
  readonly outputs: readonly Tensor[]
  /** Where in the network it stands, for profiles and messages: `encoder._blocks.3`. */
  readonly scope: string
}
export type Node = { [K in OperationName]: NodeOf<K> }[OperationName]

export interface OutputType {
  readonly shape: Shape
  readonly dtype?: DType
}

/** An append-only list of nodes: creation order is a topological order. */
export class Graph {
  readonly nodes: Node[] = []
  /** Prefix recorded with every node made from now on. */
  scope = ''
  private nextId = 0

  /** Appends a node. Shapes are the caller's (each operation's builder infers and checks them). */
  emit<K extends OperationName>(
    operation: K,
    inputs: OperationTable[K]['inputs'],
    attributes: OperationTable[K]['attributes'],
    types: readonly OutputType[],
  ): readonly Tensor[] {
    const outputs: Tensor[] = []
    const node = { operation, inputs, attributes, outputs, scope: this.scope } as unknown as Node
    types.forEach(({ shape, dtype = 'float32' }, index) => {
      outputs.push({ graph: this, id: this.nextId++, shape, dtype, node, index })
    })
    this.nodes.push(node)
    return outputs
  }
}

/** Number of elements. */
export function size(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1)
}

export function isHalf(dtype: DType): dtype is HalfType {
  return dtype === 'float16' || dtype === 'bfloat16'
}

/** Bytes of one element. */
export function elementBytes(dtype: DType): number {
  return isHalf(dtype) ? 2 : 4
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis])
}

/** The extents of a feature map. Throws where the tensor is not one (a bug in a network's declaration). */
export function featureMap(x: Tensor): readonly [N: number, C: number, H: number, W: number] {
  if (x.shape.length !== 4) throw new Error(`${x.node.operation}: [${x.shape.join(', ')}] is not a feature map`)
  return x.shape as readonly [number, number, number, number]
}

/** The inputs that are there; optional ones may be absent. */
export function presentInputs(node: Node): readonly Tensor[] {
  return (node.inputs as readonly (Tensor | undefined)[]).filter((input) => input !== undefined)
}
