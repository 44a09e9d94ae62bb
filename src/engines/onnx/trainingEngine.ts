import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { NamedTensor } from '../../core/safetensors.ts'
import type { Program } from '../../graph/program.ts'
import type { Arrays, Chunk, Tensors, TrainingEngine, TrainingPlan } from '../engine.ts'
import { accumulation } from './accumulation.ts'
import { chunksOf } from './chunks.ts'
import { flatMultiple, type LoweredProgram } from './lowering.ts'
import { checkInPlace } from './inPlace.ts'
import {
  arraysOf,
  createSession,
  feedsFor,
  fetchesFor,
  resultTensors,
  runInPlace,
  tensorOver,
  type SessionOptions,
} from './session.ts'
import { packBuffer, packParameters, unpackParameters } from './storedTensors.ts'

type Lower = (source: Program) => LoweredProgram
type Feeds = Record<string, Tensor>

/** Running statistics and the place of their next values: the network reads the old ones while it makes the new. */
class PingPong {
  private current: Float32Array
  private next: Float32Array

  constructor(length: number) {
    this.current = new Float32Array(length)
    this.next = new Float32Array(length)
  }

  get value(): Float32Array {
    return this.current
  }

  get target(): Float32Array {
    return this.next
  }

  swap(): void {
    const previous = this.current
    this.current = this.next
    this.next = previous
  }
}

/** Three sessions over state that lives here, in buffers that are never copied. */
export class OnnxTrainingEngine implements TrainingEngine {
  private readonly gradient: LoweredProgram
  private readonly updateProgram: LoweredProgram
  private readonly chunks: readonly Chunk[]
  private readonly sessions: { gradient: InferenceSession; update: InferenceSession; accumulate?: InferenceSession }
  private readonly accumulateProgram: LoweredProgram | undefined
  private readonly parameters: Float32Array
  private readonly slots: ReadonlyMap<string, Float32Array>
  private readonly sum: Float32Array | undefined
  private readonly gradientVector: Float32Array
  private readonly buffers: ReadonlyMap<string, PingPong>
  private readonly results: Readonly<Record<string, Tensor>>
  private readonly norm = new Float32Array(1)

  static async compile(plan: TrainingPlan, lower: Lower, options: SessionOptions): Promise<OnnxTrainingEngine> {
    const gradient = lower(plan.gradient)
    const chunks = chunksOf(plan.update, gradient.parameters, gradient.flatLength, chunkLength)
    const step = plan.update.build(chunks)
    checkInPlace(step)
    const update = lower(step)
    const accumulate = plan.accumulate > 1 ? lower(accumulation(gradient.flatLength)) : undefined
    const others = { ...options, profile: undefined }
    const sessions = {
      gradient: await createSession(gradient.emitter, { ...options, isInPlace: true }),
      update: await createSession(update.emitter, { ...others, isInPlace: true }),
      ...(accumulate && { accumulate: await createSession(accumulate.emitter, { ...others, isInPlace: true }) }),
    }
    return new OnnxTrainingEngine(plan, { gradient, update, accumulate }, chunks, sessions)
  }

  private constructor(
    plan: TrainingPlan,
    programs: { gradient: LoweredProgram; update: LoweredProgram; accumulate: LoweredProgram | undefined },
    chunks: readonly Chunk[],
    sessions: OnnxTrainingEngine['sessions'],
  ) {
    this.gradient = programs.gradient
    this.updateProgram = programs.update
    this.chunks = chunks
    this.accumulateProgram = programs.accumulate
    this.sessions = sessions
    const { flatLength, buffers, results } = programs.gradient
    this.parameters = new Float32Array(flatLength)
    this.slots = new Map(plan.update.slots.map((slot) => [slot, new Float32Array(flatLength)]))
    this.sum = programs.accumulate && new Float32Array(flatLength)
    this.gradientVector = new Float32Array(flatLength)
    this.buffers = new Map(buffers.map(({ key, length }) => [key, new PingPong(length)]))
    this.results = resultTensors(results.filter(({ name }) => name !== 'gradient' && !name.startsWith('update:')))
  }

  load(tensors: Tensors): void {
    packParameters(this.gradient.parameters, tensors, this.parameters)
    for (const buffer of this.gradient.buffers) packBuffer(buffer, tensors, this.buffers.get(buffer.key)!.value)
  }

  async save(): Promise<Map<string, NamedTensor>> {
    const parameters = unpackParameters(this.gradient.parameters, this.parameters)
    return new Map([...parameters, ...(await this.saveBuffers())])
  }

  saveBuffers(): Promise<Map<string, NamedTensor>> {
    const statistics = this.gradient.buffers.map(({ key, channels }): [string, NamedTensor] => {
      return [key, { shape: [channels], data: this.buffers.get(key)!.value.slice(0, channels) }]
    })
    return Promise.resolve(new Map(statistics))
  }

  loadSlots(tensors: Tensors): void {
    for (const [slot, state] of this.slots) packParameters(this.gradient.parameters, tensors, state, `${slot}/`)
  }

  saveSlots(only: readonly string[] = [...this.slots.keys()]): Promise<Map<string, NamedTensor>> {
    const tensors = new Map<string, NamedTensor>()
    for (const slot of only)
      unpackParameters(this.gradient.parameters, this.slots.get(slot)!, `${slot}/`).forEach((tensor, key) =>
        tensors.set(key, tensor),
      )
    return Promise.resolve(tensors)
  }

  async computeGradient(data: Arrays): Promise<Arrays> {
    const feeds: Feeds = feedsFor(this.gradient, data)
    for (const { input: name, offset, length, dims } of this.gradient.parameters)
      feeds[name] = tensorOver(this.parameters.subarray(offset, offset + length), dims)
    const fetches: Feeds = { ...this.results }
    const isUpdated = new Set(this.gradient.results.map(({ name }) => name))
    for (const { key, dims } of this.gradient.buffers) {
      const buffer = this.buffers.get(key)!
      feeds[`buffer:${key}`] = tensorOver(buffer.value, dims)
      if (isUpdated.has(`update:${key}`)) fetches[`update:${key}`] = tensorOver(buffer.target, dims)
    }
    fetches['gradient'] = tensorOver(this.gradientVector, [this.gradientVector.length])
    await runInPlace(this.sessions.gradient, feeds, fetches)
    for (const { key } of this.gradient.buffers) if (isUpdated.has(`update:${key}`)) this.buffers.get(key)!.swap()
    return arraysOf(this.results)
  }

  async accumulateGradient(weight: number, isFirst: boolean): Promise<void> {
    const { sum } = this
    if (sum === undefined || this.accumulateProgram === undefined) throw new Error('compiled without accumulation')
    if (isFirst) sum.fill(0)
    const vectors = { gradient: this.gradientVector, sum, weight: Float32Array.of(weight) }
    const fetches = fetchesFor(this.accumulateProgram, { 'next:sum': sum })
    await runInPlace(this.sessions.accumulate!, feedsFor(this.accumulateProgram, vectors), fetches)
  }

  async update(scalars: Readonly<Record<string, number>>): Promise<number> {
    const state = new Map([['parameters', this.parameters], ...this.slots])
    const next = new Map(Array.from(state, ([name, vector]) => [`next:${name}`, vector]))
    const feeds = {
      ...chunked(state, this.chunks),
      ...chunked(new Map([['gradient', this.sum ?? this.gradientVector]]), this.chunks),
      ...mapValues(scalars, (scalar) => Float32Array.of(scalar)),
    }
    const fetches = { ...chunked(next, this.chunks), gradientNorm: this.norm }
    await runInPlace(this.sessions.update, feedsFor(this.updateProgram, feeds), fetchesFor(this.updateProgram, fetches))
    return this.norm[0]
  }

  async dispose(): Promise<void> {
    await this.sessions.gradient.release()
    await this.sessions.update.release()
    await this.sessions.accumulate?.release()
  }
}

/** Elements of a chunk of the update: some ten vectors of it fit into the second-level cache. */
const chunkLength = 16 * flatMultiple

/** Views of every chunk of the vectors, as `NAME:K`. */
function chunked(vectors: ReadonlyMap<string, Float32Array>, chunks: readonly Chunk[]): Record<string, Float32Array> {
  const views: Record<string, Float32Array> = {}
  for (const [name, vector] of vectors) {
    let offset = 0
    for (const [chunk, { length }] of chunks.entries()) {
      views[`${name}:${chunk}`] = vector.subarray(offset, offset + length)
      offset += length
    }
  }
  return views
}

function mapValues<From, To>(values: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))
}
