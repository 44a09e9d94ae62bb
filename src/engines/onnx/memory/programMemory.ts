import type { ProgramMemory } from '../../engine.ts'
import type { OnnxNode } from '../emitter.ts'
import type { LoweredProgram } from '../lowering.ts'
import { executionOrder } from './executionOrder.ts'
import { valueShapes } from './valueShapes.ts'

/** Operators that write over an input that nobody reads any more, where it has as many bytes. */
const inPlace: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Sqrt', 'Reciprocal', 'Exp', 'Log'],
  ...['Relu', 'Clip', 'Sigmoid', 'HardSigmoid'],
])
/** Input of a blocked convolution that it may write over: the sum. */
const sumInput = 3

/** What a lowered program will hold, from its operators alone: nothing is allocated. */
export function programMemory(lowered: LoweredProgram): ProgramMemory {
  const { emitter, flatLength, data, results } = lowered
  const shapes = valueShapes(emitter)
  const bytesOf = (name: string): number => shapes.get(name)?.bytes ?? 0
  const sum = (names: readonly { readonly name: string }[]): number =>
    names.reduce((bytes, { name }) => bytes + bytesOf(name), 0)
  return {
    isOnCard: emitter.target === 'gpu',
    activationBytes: peakBytes(executionOrder(emitter.nodes), bytesOf, new Set(results.map(({ name }) => name))),
    constantBytes: sum(emitter.constants),
    parameterBytes: 4 * flatLength,
    dataBytes: sum(data),
    resultBytes: sum(results),
    operators: emitter.nodes.length,
  }
}

type BytesOf = (value: string) => number

/** Memory that several values share: a Reshape is a view, and results of element-wise operators replace an operand. */
interface Place {
  readonly bytes: number
  /** Reads still to come, of all values that lie there. */
  reads: number
}

/** Most bytes of values at once. Inputs, constants and results of the program lie elsewhere. */
function peakBytes(order: readonly OnnxNode[], bytesOf: BytesOf, results: ReadonlySet<string>): number {
  const reads = new Map<string, number>()
  for (const { inputs } of order) for (const input of inputs) reads.set(input, (reads.get(input) ?? 0) + 1)
  const places = new Map<string, Place>()
  let [held, peak] = [0, 0]
  const release = (place: Place, count: number): void => {
    place.reads -= count
    if (place.reads === 0) held -= place.bytes
  }
  for (const node of order) {
    const shared = placeOf(node, places, bytesOf)
    node.outputs.forEach((output, index) => {
      const count = reads.get(output) ?? 0
      if (results.has(output)) return
      const place = index === 0 && shared !== undefined ? shared : { bytes: rounded(bytesOf(output)), reads: 0 }
      if (place !== shared) held += place.bytes
      place.reads += count
      places.set(output, place)
    })
    peak = Math.max(peak, held)
    for (const input of node.inputs) {
      const place = places.get(input)
      if (place !== undefined) release(place, 1)
    }
    for (const output of node.outputs) {
      const place = places.get(output)
      if (place?.reads === 0 && place !== shared) held -= place.bytes
    }
  }
  return peak
}

/** Where a node's first output goes without new memory. */
function placeOf({ type, inputs, outputs }: OnnxNode, places: ReadonlyMap<string, Place>, bytesOf: BytesOf) {
  if (type === 'Reshape') return places.get(inputs[0])
  const candidates = inPlace.has(type) ? inputs.slice(0, 2) : type === 'Conv' ? inputs.slice(sumInput) : []
  const bytes = rounded(bytesOf(outputs[0]))
  return candidates.map((input) => places.get(input)).find((place) => place?.reads === 1 && place.bytes === bytes)
}

/** The runtime's arena deals in 256 bytes. */
function rounded(bytes: number): number {
  return Math.ceil(bytes / 256) * 256
}
