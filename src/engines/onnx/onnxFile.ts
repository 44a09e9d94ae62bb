import type { Attribute, Domain, Emitter, OnnxConstant, OnnxNode, OnnxType, OnnxValue } from './emitter.ts'
import type { HalfType } from '../../graph/tensor.ts'
import { ProtobufWriter } from './protobuf.ts'

/** Field numbers and enum values are those of onnx.proto3 (ONNX 1.17, IR version 9). */
export const dataTypes: Readonly<Record<OnnxType | HalfType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  float16: 10,
  bfloat16: 16,
}
const operatorSets: readonly (readonly [Domain, number])[] = [
  ['', 20],
  ['com.microsoft', 1],
  ['com.microsoft.nchwc', 1],
]

/** Name of the output that `endsWithSequence` adds. */
export const sequenceOutput = 'sequence'

/**
 * The bytes of an ONNX model. The blocked operator set is only imported where a node uses it.
 * @param endsWithSequence adds a first output that is no tensor: see `runInPlace` in session.ts
 */
export function writeOnnx(emitter: Emitter, endsWithSequence = false): Uint8Array {
  const graph = new ProtobufWriter()
  emitter.nodes.forEach((node) => graph.message(1, writeNode(node)))
  if (endsWithSequence) writeSequence(graph)
  graph.string(2, 'foldwise')
  emitter.constants.forEach((constant) => graph.message(5, writeTensor(constant)))
  emitter.inputs.forEach((value) => graph.message(11, writeValue(value)))
  emitter.outputs.forEach((value) => {
    graph.message(12, emitter.knowsOutputDims ? writeValue(value) : writeShapeless(value))
  })

  const model = new ProtobufWriter().integer(1, 9).string(2, 'foldwise').message(7, graph)
  const used = new Set<Domain>(emitter.nodes.map(({ domain }) => domain))
  for (const [domain, version] of operatorSets)
    if (domain === '' || used.has(domain)) model.message(8, new ProtobufWriter().string(1, domain).integer(2, version))
  return model.finish()
}

function writeSequence(graph: ProtobufWriter): void {
  const element = { name: 'element', type: 'float32', dims: [1], data: Float32Array.of(0) } as const
  graph.message(5, writeTensor(element))
  const node = {
    type: 'SequenceConstruct',
    inputs: ['element'],
    outputs: [sequenceOutput],
    attributes: {},
    domain: '',
    name: '#sequence',
  } as const
  graph.message(1, writeNode(node))
  const sequenceType = new ProtobufWriter().message(1, tensorType({ type: 'float32', dims: [1] }))
  graph.message(
    12,
    new ProtobufWriter().string(1, sequenceOutput).message(2, new ProtobufWriter().message(4, sequenceType)),
  )
}

function writeNode({ inputs, outputs, name, type, attributes, domain }: OnnxNode): ProtobufWriter {
  const node = new ProtobufWriter()
  inputs.forEach((input) => node.string(1, input))
  outputs.forEach((output) => node.string(2, output))
  node.string(3, name).string(4, type)
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) node.message(5, writeAttribute(key, value))
  if (domain !== '') node.string(7, domain)
  return node
}

function writeAttribute(name: string, value: Attribute): ProtobufWriter {
  const attribute = new ProtobufWriter().string(1, name)
  if (typeof value === 'number') return attribute.integer(3, value).integer(20, 2)
  if (typeof value === 'string') return attribute.string(4, value).integer(20, 3)
  if ('float' in value) return attribute.float(2, value.float).integer(20, 1)
  if ('floats' in value) {
    value.floats.forEach((each) => attribute.float(7, each))
    return attribute.integer(20, 6)
  }
  value.forEach((each) => attribute.integer(8, each))
  return attribute.integer(20, 7)
}

function writeTensor({ name, type, dims, data }: OnnxConstant): ProtobufWriter {
  const tensor = new ProtobufWriter()
  dims.forEach((extent) => tensor.integer(1, extent))
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return tensor.integer(2, dataTypes[type]).string(8, name).bytes(9, bytes)
}

function writeValue({ name, ...value }: OnnxValue): ProtobufWriter {
  return new ProtobufWriter().string(1, name).message(2, tensorType(value))
}

function writeShapeless({ name, type }: OnnxValue): ProtobufWriter {
  const tensor = new ProtobufWriter().integer(1, dataTypes[type])
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensor))
}

function tensorType({ type, dims }: Omit<OnnxValue, 'name'>): ProtobufWriter {
  const shape = new ProtobufWriter()
  dims.forEach((extent) => shape.message(1, new ProtobufWriter().integer(1, extent)))
  return new ProtobufWriter().message(1, new ProtobufWriter().integer(1, dataTypes[type]).message(2, shape))
}
