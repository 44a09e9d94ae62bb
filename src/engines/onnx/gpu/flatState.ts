import type { Chunk } from '../../engine.ts'
import type { Emitter, OnnxValue } from '../emitter.ts'
import type { LoweredProgram, StoredBuffer } from '../lowering.ts'

export interface FlatBuffer extends StoredBuffer {
  /** First element in the vector of running statistics. */
  readonly offset: number
}

/** A program whose whole state is two vectors, so that it stays on a device in two buffers. */
export interface FlatProgram {
  readonly lowered: LoweredProgram
  readonly buffers: readonly FlatBuffer[]
  /** Elements of the vector of running statistics; 0 where the program has none. */
  readonly bufferLength: number
  /** Results that the host reads. */
  readonly results: readonly OnnxValue[]
  /** Results that stay on the device: `gradient`, `next:buffers`. */
  readonly onDevice: readonly string[]
}

/**
 * Instead of an input for each parameter and running statistic the program takes the vectors `parameters` and `buffers` and
 * cuts them itself, and gives `next:buffers` for its updates. A tensor of the runtime's binding for Node is a whole buffer of
 * the device: there are no views of a part. Changes the lowered program.
 */
export function flattenState(lowered: LoweredProgram): FlatProgram {
  const { emitter } = lowered
  const buffers: FlatBuffer[] = []
  let bufferLength = 0
  for (const buffer of lowered.buffers) {
    buffers.push({ ...buffer, offset: bufferLength })
    bufferLength += buffer.length
  }
  const kept = emitter.inputs.filter(({ name }) => !/^(parameter|buffer):/.test(name))
  emitter.inputs.splice(0, emitter.inputs.length, ...kept)

  const first = emitter.nodes.length
  if (lowered.parameters.length > 0) {
    const parameters = emitter.input('parameters', 'float32', [lowered.flatLength])
    for (const { input, offset, length, dims } of lowered.parameters)
      cut(emitter, parameters, { name: input, offset, length, dims })
  }
  if (bufferLength > 0) {
    const vector = emitter.input('buffers', 'float32', [bufferLength])
    for (const { key, offset, length, dims } of buffers)
      cut(emitter, vector, { name: `buffer:${key}`, offset, length, dims })
  }
  emitter.nodes.unshift(...emitter.nodes.splice(first))
  joinUpdates(emitter, buffers, bufferLength)

  const onDevice = emitter.outputs.map(({ name }) => name).filter((name) => ['gradient', 'next:buffers'].includes(name))
  const results = emitter.outputs.filter(({ name }) => !onDevice.includes(name))
  return { lowered, buffers, bufferLength, results, onDevice }
}

/**
 * Instead of an input for each chunk of a vector, `NAME:K`, an update takes the vectors whole, and gives `next:NAME` in
 * place of the `next:NAME:K` of all chunks. Changes the lowered program; one with a single chunk stays as it is.
 */
export function flattenChunks(lowered: LoweredProgram, chunks: readonly Chunk[]): LoweredProgram {
  if (chunks.length === 1) return lowered
  const { emitter } = lowered
  const total = chunks.reduce((sum, { length }) => sum + length, 0)
  const offsets = chunks.map((_, index) => chunks.slice(0, index).reduce((sum, { length }) => sum + length, 0))
  const isChunk = ({ name }: OnnxValue): boolean => name.includes(':')
  const pieces = emitter.inputs.filter(isChunk)
  const kept = emitter.inputs.filter((input) => !isChunk(input))
  emitter.inputs.splice(0, emitter.inputs.length, ...kept)
  const first = emitter.nodes.length
  for (const vector of new Set(pieces.map(({ name }) => vectorOf(name)))) emitter.input(vector, 'float32', [total])
  for (const { name, dims } of pieces) {
    const chunk = Number(name.slice(name.lastIndexOf(':') + 1))
    cut(emitter, vectorOf(name), { name, offset: offsets[chunk], length: dims[0], dims })
  }
  emitter.nodes.unshift(...emitter.nodes.splice(first))

  const parted = emitter.outputs.filter(isChunk)
  const others = emitter.outputs.filter((output) => !isChunk(output))
  emitter.outputs.splice(0, emitter.outputs.length, ...others)
  for (const vector of new Set(parted.map(({ name }) => vectorOf(name)))) {
    const parts = chunks.map((_, chunk) => `${vector}:${chunk}`)
    emitter.output(vector, emitter.op('Concat', parts, { axis: 0 }), 'float32', [total])
  }
  return { ...lowered, data: emitter.inputs, results: emitter.outputs }
}

/** `next:parameters` of `next:parameters:3`. */
function vectorOf(name: string): string {
  return name.slice(0, name.lastIndexOf(':'))
}

interface Part {
  readonly name: string
  readonly offset: number
  readonly length: number
  readonly dims: readonly number[]
}

/** Gives a part of the vector the name under which the program reads it. */
function cut(emitter: Emitter, vector: string, { name, offset, length, dims }: Part): void {
  emitter.scope = 'state'
  emitter.reshape(emitter.slice(vector, [0], [offset], [offset + length]), dims)
  emitter.nodes[emitter.nodes.length - 1].outputs = [name]
}

/** One output for all updates of running statistics; what is not updated stays what it was. */
function joinUpdates(emitter: Emitter, buffers: readonly FlatBuffer[], length: number): void {
  const updated = new Set(emitter.outputs.map(({ name }) => name).filter((name) => name.startsWith('update:')))
  if (updated.size === 0) return
  const kept = emitter.outputs.filter(({ name }) => !updated.has(name))
  emitter.outputs.splice(0, emitter.outputs.length, ...kept)
  const parts = buffers.map(({ key }) => (updated.has(`update:${key}`) ? `update:${key}` : `buffer:${key}`))
  emitter.output('next:buffers', emitter.op('Concat', parts, { axis: 0 }), 'float32', [length])
}
