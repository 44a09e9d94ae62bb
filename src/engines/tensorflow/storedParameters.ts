import type { OperationTable } from '../../graph/operations.ts'
import { isOperation, liveNodes, type Program } from '../../graph/program.ts'
import { size } from '../../graph/tensor.ts'
import { rowMajorRows } from '../onnx/chunks.ts'
import type { StoredParameter } from '../onnx/lowering.ts'
import type { TensorFlow, Value } from './operator.ts'

type Attributes = OperationTable['parameter']['attributes']

/** Where each parameter (or piece of one) lies in the flat vector, in the order of the graph: the trained ones first. */
export class StoredParameters {
  readonly all: readonly StoredParameter[]
  /** Elements of the flat vector. */
  readonly length: number
  private readonly byInput: ReadonlyMap<string, StoredParameter>

  constructor(program: Program) {
    const trained = program.gradients.map(({ parameter }) => parameter.node)
    const stored = new Map<string, StoredParameter>()
    let offset = 0
    for (const node of [...trained, ...liveNodes(program)]) {
      if (!isOperation(node, 'parameter') || stored.has(inputName(node.attributes))) continue
      const { name: key, piece } = node.attributes
      const [{ shape }] = node.outputs
      const [input, length] = [inputName(node.attributes), size(shape)]
      const positions = (): Int32Array => Int32Array.from({ length }, (_, index) => index)
      stored.set(input, { input, key, piece, shape, dims: shape, length, offset, positions, rows: rowMajorRows(shape) })
      offset += length
    }
    this.all = [...stored.values()]
    this.length = offset
    this.byInput = stored
  }

  /** The parameter out of the flat vector. */
  read(tf: TensorFlow, flat: Value, attributes: Attributes): Value {
    const { offset, length, shape } = this.byInput.get(inputName(attributes))!
    return tf.reshape(tf.slice(flat, [offset], [length]), [...shape])
  }

  /** Gradients in the program's order as one flat vector; what has none is zero. */
  flatten(tf: TensorFlow, gradients: readonly Value[]): Value {
    // A gradient may have extents of 1 where it is the same along an axis.
    const parts = gradients.map((gradient, index) => {
      const { shape, length } = this.all[index]
      return tf.reshape(tf.broadcastTo(gradient, [...shape]), [length])
    })
    const used = parts.reduce((sum, part) => sum + part.size, 0)
    return tf.concat(used < this.length ? [...parts, tf.zeros([this.length - used])] : parts)
  }
}

/** A piece is told by its first input channel. */
function inputName({ name, piece }: Attributes): string {
  return piece === undefined ? name : `${name}@${piece.offset}`
}
