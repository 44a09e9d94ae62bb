import type { ProgramMemory } from '../../engine.ts'
import type { OnnxNode } from '../emitter.ts'
import type { LoweredProgram } from '../lowering.ts'
import { plannedBuffers, type Buffer } from './buffers.ts'
import { executionOrder } from './executionOrder.ts'
import { valueShapes } from './valueShapes.ts'

/** What a lowered program will hold, from its operators alone: nothing is allocated. */
export function programMemory(lowered: LoweredProgram): ProgramMemory {
  const { emitter, flatLength, data, results } = lowered
  const shapes = valueShapes(emitter)
  const bytesOf: BytesOf = (name) => shapes.get(name)?.bytes ?? 0
  const sum = (names: readonly { readonly name: string }[]): number =>
    names.reduce((bytes, { name }) => bytes + bytesOf(name), 0)
  return {
    isOnCard: emitter.target === 'gpu',
    activationBytes: peakOf(
      plannedBuffers(executionOrder(emitter.nodes), shapes, new Set(results.map(({ name }) => name))),
    ),
    constantBytes: sum(emitter.constants),
    parameterBytes: 4 * flatLength,
    dataBytes: sum(data),
    resultBytes: sum(results),
    operators: emitter.nodes.length,
    trafficBytes: trafficBytes(emitter.nodes, bytesOf),
  }
}

/** A Reshape is a view: it touches nothing. */
function trafficBytes(nodes: readonly OnnxNode[], bytesOf: BytesOf): number {
  let sum = 0
  for (const { type, inputs, outputs } of nodes)
    if (type !== 'Reshape') for (const value of [...inputs, ...outputs]) sum += bytesOf(value)
  return sum
}

type BytesOf = (value: string) => number

/** Most bytes at once. */
function peakOf(buffers: readonly Buffer[]): number {
  const changes = buffers.flatMap(({ bytes, first, last }) => [
    { step: first, bytes },
    { step: last + 1, bytes: -bytes },
  ])
  let [held, peak] = [0, 0]
  for (const { bytes } of changes.toSorted((a, b) => a.step - b.step || a.bytes - b.bytes)) {
    held += bytes
    peak = Math.max(peak, held)
  }
  return peak
}
