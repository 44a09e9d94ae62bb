import type { OperationTable, ParameterPiece } from './operations.ts'
import type { DType, Graph, Shape, Tensor } from './tensor.ts'
import { size } from './tensor.ts'

/** A value that comes from outside at every run. */
export function input(
  graph: Graph,
  name: string,
  shape: Shape,
  role: OperationTable['input']['attributes']['role'] = 'data',
  dtype: DType = 'float32',
): Tensor {
  return graph.emit('input', [], { name, role }, [{ shape, dtype }])[0]
}

/** A trainable tensor under its checkpoint key; `shape` is that of the piece where only a piece is read. */
export function parameter(graph: Graph, name: string, shape: Shape, piece?: ParameterPiece): Tensor {
  return graph.emit('parameter', [], { name, piece }, [{ shape }])[0]
}

export function constant(graph: Graph, data: Float32Array | Int32Array, shape: Shape): Tensor {
  if (data.length !== size(shape)) throw new Error(`constant: ${data.length} values for [${shape.join(', ')}]`)
  return graph.emit('constant', [], { data }, [{ shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' }])[0]
}

export function scalar(graph: Graph, value: number): Tensor {
  return constant(graph, Float32Array.of(value), [1])
}
