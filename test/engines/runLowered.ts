import * as ort from 'onnxruntime-node'
import type { LoweredProgram, StoredParameter } from '../../src/engines/onnx/lowering.ts'
import { writeOnnx } from '../../src/engines/onnx/onnxFile.ts'
import type { Program } from '../../src/graph/program.ts'
import { size } from '../../src/graph/tensor.ts'

export interface Feeds {
  /** Whole parameters in logical row-major order, by checkpoint key. */
  readonly parameters?: ReadonlyMap<string, Float32Array>
  readonly data?: ReadonlyMap<string, Float32Array | Int32Array>
  /** Running statistics [C] by key. */
  readonly buffers?: ReadonlyMap<string, Float32Array>
}

export interface Results {
  readonly results: ReadonlyMap<string, Float32Array | Int32Array>
  /** Gradients of whole parameters in logical order, by key. */
  readonly gradients: ReadonlyMap<string, Float32Array>
}

/** Runs a program once with these values. */
export type Run = (program: Program, feeds: Feeds) => Promise<Results>

/** Runs a lowered program once on the CPU, translating between logical order and the lowering's own. */
export async function runLowered(lowered: LoweredProgram, feeds: Feeds): Promise<Results> {
  const session = await ort.InferenceSession.create(writeOnnx(lowered.emitter), {
    graphOptimizationLevel: 'basic',
    intraOpNumThreads: 1,
    enableMemPattern: false,
    logSeverityLevel: 3,
  })
  try {
    const outputs = await session.run(inputsOf(lowered, feeds))
    const results = new Map(
      Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array | Int32Array]),
    )
    return { results, gradients: gradientsOf(lowered, results, feeds) }
  } finally {
    await session.release()
  }
}

function inputsOf(lowered: LoweredProgram, feeds: Feeds): Record<string, ort.Tensor> {
  const tensors: Record<string, ort.Tensor> = {}
  const stored = new Map(lowered.parameters.map((parameter) => [inputName(parameter), parameter]))
  for (const { name, type, dims } of lowered.emitter.inputs) {
    const parameter = stored.get(name)
    if (parameter !== undefined)
      tensors[name] = new ort.Tensor('float32', storedValues(parameter, feeds), parameter.dims)
    else if (name.startsWith('buffer:')) tensors[name] = storedBuffer(lowered, name.slice('buffer:'.length), feeds)
    else tensors[name] = new ort.Tensor(type, required(feeds.data, name), dims)
  }
  return tensors
}

function inputName({ key, piece }: StoredParameter): string {
  return piece === undefined ? `parameter:${key}` : `parameter:${key}@${piece.offset}`
}

function required<Value>(values: ReadonlyMap<string, Value> | undefined, name: string): Value {
  const value = values?.get(name)
  if (value === undefined) throw new Error(`nothing to feed into ${name}`)
  return value
}

/** Where each logical element of a piece lies in the whole parameter. */
function* wholePositions({ shape, piece }: StoredParameter): Iterable<number> {
  const [outputs = 1, channels = 1, ...kernel] = shape
  const { offset, total } = piece ?? { offset: 0, total: channels }
  const taps = size(kernel)
  for (let output = 0; output < outputs; output++)
    for (let index = 0; index < channels * taps; index++) yield (output * total + offset) * taps + index
}

function storedValues(parameter: StoredParameter, feeds: Feeds): Float32Array {
  const whole = required(feeds.parameters, parameter.key)
  const values = new Float32Array(parameter.length)
  const positions = parameter.positions()
  let element = 0
  for (const position of wholePositions(parameter)) values[positions[element++]] = whole[position]!
  return values
}

function storedBuffer({ buffers }: LoweredProgram, key: string, feeds: Feeds): ort.Tensor {
  const buffer = buffers.find((candidate) => candidate.key === key)
  if (buffer === undefined) throw new Error(`the program declares no buffer ${key}`)
  const values = new Float32Array(buffer.length)
  values.set(required(feeds.buffers, key))
  return new ort.Tensor('float32', values, buffer.dims)
}

function gradientsOf(
  lowered: LoweredProgram,
  results: ReadonlyMap<string, Float32Array | Int32Array>,
  feeds: Feeds,
): Map<string, Float32Array> {
  const flat = results.get('gradient')
  const gradients = new Map<string, Float32Array>()
  if (flat === undefined) return gradients
  if (flat.length !== lowered.flatLength)
    throw new Error(`a flat gradient of ${flat.length}, not ${lowered.flatLength}`)
  for (const parameter of lowered.parameters) {
    const whole = gradients.get(parameter.key) ?? new Float32Array(required(feeds.parameters, parameter.key).length)
    gradients.set(parameter.key, whole)
    const positions = parameter.positions()
    let element = 0
    for (const position of wholePositions(parameter)) whole[position] += flat[parameter.offset + positions[element++]]
  }
  return gradients
}
