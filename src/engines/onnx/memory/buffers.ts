import type { OnnxNode } from '../emitter.ts'
import type { ValueShape } from './valueShapes.ts'

/** Memory for one value, or for several that have it one after another or together. */
export interface Buffer {
  readonly bytes: number
  /** Operators between which the runtime holds it, by their place in its order. */
  readonly first: number
  readonly last: number
}

interface Planned extends Buffer {
  readonly likeness: string
  /** Reads still to come, of all values that lie there now. */
  reads: number
  last: number
}

/** Operators that write over an operand that nobody else reads, where it has the extents of the result. */
const inPlace: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Sqrt', 'Reciprocal', 'Exp', 'Log'],
  ...['Relu', 'Clip', 'Sigmoid', 'HardSigmoid'],
])
/** Input of a blocked convolution that it may write over: the sum. */
const sumInput = 3

/**
 * The runtime's plan (ONNX Runtime 1.30, allocation_planner.cc): a Reshape is a view, some operators write over an operand, and
 * any other value takes the memory of the last dead one that had the same extents, which is held in between. Inputs,
 * constants and results of the program lie elsewhere.
 * @param order in which the operators run
 */
export function plannedBuffers(
  order: readonly OnnxNode[],
  shapes: ReadonlyMap<string, ValueShape>,
  results: ReadonlySet<string>,
): readonly Buffer[] {
  const reads = new Map<string, number>()
  for (const { inputs } of order) for (const input of inputs) reads.set(input, (reads.get(input) ?? 0) + 1)
  const likeness = (value: string): string => {
    const { dims, type } = shapes.get(value)!
    return `${type} ${dims.join()}`
  }
  const buffers: Planned[] = []
  const places = new Map<string, Planned>()
  const dead: Planned[] = []
  const fresh = (value: string, step: number): Planned => {
    const known = dead.findLastIndex((buffer) => buffer.likeness === likeness(value))
    if (known !== -1) return dead.splice(known, 1)[0]
    const bytes = rounded(shapes.get(value)!.bytes)
    const buffer = { bytes, likeness: likeness(value), reads: 0, first: step, last: step }
    buffers.push(buffer)
    return buffer
  }
  order.forEach((node, step) => {
    const shared = operandToOverwrite(node, places, likeness)
    node.outputs.forEach((output, index) => {
      if (results.has(output)) return
      const place = (index === 0 ? shared : undefined) ?? fresh(output, step)
      place.reads += reads.get(output) ?? 0
      places.set(output, place)
    })
    const touched = new Set([...node.inputs, ...node.outputs].map((value) => places.get(value)))
    for (const input of node.inputs) {
      const place = places.get(input)
      if (place !== undefined) place.reads--
    }
    for (const place of touched)
      if (place?.reads === 0) {
        place.last = step
        dead.push(place)
      }
  })
  return buffers
}

function operandToOverwrite(
  { type, inputs, outputs }: OnnxNode,
  places: ReadonlyMap<string, Planned>,
  likeness: (value: string) => string,
): Planned | undefined {
  if (type === 'Reshape') return places.get(inputs[0])
  const candidates = inPlace.has(type) ? inputs.slice(0, 2) : type === 'Conv' ? inputs.slice(sumInput) : []
  const found = candidates.find((input) => {
    return places.get(input)?.reads === 1 && likeness(input) === likeness(outputs[0])
  })
  return found === undefined ? undefined : places.get(found)
}

/** The runtime's arena deals in 256 bytes. */
function rounded(bytes: number): number {
  return Math.ceil(bytes / 256) * 256
}
