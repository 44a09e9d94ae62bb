import type { OperationName } from '../../graph/operations.ts'
import { isOperation, liveNodes, type Program } from '../../graph/program.ts'
import type { Node, NodeOf, Tensor } from '../../graph/tensor.ts'
import {
  flatMultiple,
  outsideType,
  type LoweredProgram,
  type LoweringTable,
  type PlainValues,
  type StoredParameter,
} from './lowering.ts'

type Source = 'parameter' | 'input' | 'constant'
type Stored = Pick<StoredParameter, 'dims' | 'length' | 'positions' | 'rows'>

/** What a lowering decides: how values lie in memory, and the operators for each operation. */
export interface Layout<Values extends PlainValues> {
  readonly values: Values
  readonly operators: LoweringTable<Values, Exclude<OperationName, Source>>
  /** How a parameter is stored. */
  store(parameter: Tensor): Stored
  /** Dims of a running statistic of `channels`. */
  bufferDims(channels: number): readonly number[]
  /** Names a value that lies in the layout's own order: a parameter, a buffer. */
  setStored(tensor: Tensor, name: string): void
  /** The value in the order in which the layout stores `as`: a parameter, or a running statistic's new value itself. */
  stored(tensor: Tensor, as: Tensor): string
}

/** Walks the live nodes once; parameters with a gradient come first in the flat vector, in the program's order. */
export function lowerProgram<Values extends PlainValues>(program: Program, layout: Layout<Values>): LoweredProgram {
  const { values } = layout
  const { emitter } = values
  const nodes = liveNodes(program)
  const parameters = storeParameters(program, nodes, layout)
  const used = parameters.reduce((sum, { length }) => sum + length, 0)
  const flatLength = Math.ceil(used / flatMultiple) * flatMultiple
  const inputs = nodes.filter((node) => isOperation(node, 'input'))
  inputs.forEach((node) => {
    declareInput(node, layout)
  })
  for (const node of nodes) lower(layout, node)

  // All names first: giving one a name outside renames its value, and what is made later would read the old name.
  const gradient = program.gradients.length > 0 ? concatGradients(program, layout, parameters, flatLength) : undefined
  const updates = Array.from(program.updates, ([key, tensor]) => ({
    key,
    tensor,
    value: layout.stored(tensor, tensor),
  }))
  const outputs = Array.from(program.outputs, ([name, tensor]) => {
    return { name, dims: tensor.shape, type: outsideType(tensor), value: values.plain(tensor) }
  })
  outputs.forEach(({ name, value, type, dims }) => {
    emitter.output(name, value, type, dims)
  })
  updates.forEach(({ key, tensor, value }) => {
    emitter.output(`update:${key}`, value, 'float32', layout.bufferDims(tensor.shape[0]))
  })
  if (gradient !== undefined) emitter.output('gradient', gradient, 'float32', [flatLength])
  emitter.prune()

  return {
    emitter,
    parameters,
    buffers: inputs.filter(isBuffer).map(({ attributes: { name }, outputs: [tensor] }) => {
      const dims = layout.bufferDims(tensor.shape[0])
      return { key: name, channels: tensor.shape[0], length: dims[0], dims }
    }),
    data: emitter.inputs.filter(({ name }) => !/^(parameter|buffer):/.test(name)),
    results: emitter.outputs,
    flatLength,
  }
}

function declareInput<Values extends PlainValues>(node: NodeOf<'input'>, layout: Layout<Values>): void {
  const tensor = node.outputs[0]
  const { name, role } = node.attributes
  const { emitter } = layout.values
  const type = outsideType(tensor)
  if (role === 'buffer')
    layout.setStored(tensor, emitter.input(`buffer:${name}`, type, layout.bufferDims(tensor.shape[0])))
  else layout.values.setPlain(tensor, emitter.input(name, type, tensor.shape))
}

function isBuffer({ attributes }: NodeOf<'input'>): boolean {
  return attributes.role === 'buffer'
}

function lower<Values extends PlainValues>({ values, operators }: Layout<Values>, node: Node): void {
  if (isOperation(node, 'parameter') || isOperation(node, 'input')) return
  const { emitter } = values
  emitter.scope = node.scope
  if (isOperation(node, 'constant')) {
    const [tensor] = node.outputs
    const { data } = node.attributes
    values.setPlain(
      tensor,
      data instanceof Int32Array ? emitter.int32s(tensor.shape, data) : emitter.floats(tensor.shape, data),
    )
    return
  }
  const operator = operators[node.operation] as (values: Values, node: Node) => void
  operator(values, node)
}

/** A graph input for every parameter, and its place in the flat vector. A piece is told by its first input channel. */
function storeParameters<Values extends PlainValues>(
  program: Program,
  nodes: readonly Node[],
  layout: Layout<Values>,
): readonly StoredParameter[] {
  const trained = program.gradients.map(({ parameter }) => parameter.node)
  const stored = new Map<string, StoredParameter>()
  let offset = 0
  for (const node of [...trained, ...nodes]) {
    if (!isOperation(node, 'parameter')) continue
    const { name: key, piece } = node.attributes
    const name = `parameter:${key}${piece === undefined ? '' : `@${piece.offset}`}`
    const tensor = node.outputs[0]
    layout.setStored(tensor, name)
    if (stored.has(name)) continue
    const { dims, length, positions, rows } = layout.store(tensor)
    layout.values.emitter.input(name, 'float32', dims)
    stored.set(name, { input: name, key, piece, shape: tensor.shape, dims, length, positions, offset, rows })
    offset += length
  }
  return [...stored.values()]
}

/** All gradients, each in stored order, as one vector. */
function concatGradients<Values extends PlainValues>(
  program: Program,
  layout: Layout<Values>,
  parameters: readonly StoredParameter[],
  flatLength: number,
): string {
  const { emitter } = layout.values
  emitter.scope = 'gradient'
  let used = 0
  const parts = program.gradients.map(({ parameter, gradient }, index) => {
    const { length, dims } = parameters[index]
    used += length
    // A gradient may have extents of 1 where it is the same along an axis.
    const isWhole =
      gradient.shape.length === parameter.shape.length &&
      gradient.shape.every((extent, axis) => extent === parameter.shape[axis])
    const name = layout.stored(gradient, parameter)
    return emitter.reshape(isWhole ? name : emitter.op('Expand', [name, emitter.integers(dims)]), [length])
  })
  const rest = flatLength - used
  if (rest > 0) parts.push(emitter.op('ConstantOfShape', [emitter.integers([rest])]))
  return emitter.op('Concat', parts, { axis: 0 })
}
