import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { NamedTensor } from '../../../core/safetensors.ts'
import type { Program } from '../../../graph/program.ts'
import type { Arrays, Tensors, TrainingEngine, TrainingPlan } from '../../engine.ts'
import { accumulation } from '../accumulation.ts'
import { chunksOf } from '../chunks.ts'
import type { LoweredProgram } from '../lowering.ts'
import { arraysOf, createSession, feedsFor, run, tensorOver, type SessionOptions } from '../session.ts'
import { packBuffer, packParameters, unpackParameters } from '../storedTensors.ts'
import { DeviceMemory } from './deviceMemory.ts'
import { flattenChunks, flattenState, type FlatProgram } from './flatState.ts'
import { lowerGpu } from './lowerGpu.ts'

interface Programs {
  readonly gradient: FlatProgram
  readonly update: LoweredProgram
  readonly accumulate: LoweredProgram | undefined
}

interface Sessions {
  readonly gradient: InferenceSession
  readonly update: InferenceSession
  readonly accumulate?: InferenceSession
}

/**
 * A training step whose state stays in the device's memory from step to step: parameters, running statistics, the
 * optimizer's slots, the gradient and its sum, each one vector. What a program makes takes the place of what it read.
 */
export class DeviceTrainingEngine implements TrainingEngine {
  private readonly programs: Programs
  private readonly sessions: Sessions
  private readonly memory: DeviceMemory
  private readonly slots: readonly string[]
  /** By name. In our memory after loading, on the device from the first run that replaces it. */
  private readonly state = new Map<string, Tensor>()

  static async compile(plan: TrainingPlan, options: SessionOptions): Promise<DeviceTrainingEngine> {
    const gradient = flattenState(lowerGpu(plan.gradient))
    const { flatLength } = gradient.lowered
    const lowerVectors = (source: Program) => lowerGpu(source)
    const chunks = chunksOf(plan.update, gradient.lowered.parameters, flatLength)
    const update = flattenChunks(lowerVectors(plan.update.build(chunks)), chunks)
    const accumulate = plan.accumulate > 1 ? lowerVectors(accumulation(flatLength)) : undefined
    const others = { ...options, profile: undefined }
    const sessions = {
      gradient: await createSession(gradient.lowered.emitter, { ...options, onDevice: gradient.onDevice }),
      update: await createSession(update.emitter, { ...others, onDevice: nextVectors(update) }),
      ...(accumulate && {
        accumulate: await createSession(accumulate.emitter, { ...others, onDevice: nextVectors(accumulate) }),
      }),
    }
    return new DeviceTrainingEngine({ gradient, update, accumulate }, sessions, plan.update.slots, others)
  }

  private constructor(programs: Programs, sessions: Sessions, slots: readonly string[], options: SessionOptions) {
    this.programs = programs
    this.sessions = sessions
    this.slots = slots
    this.memory = new DeviceMemory(options)
    const { flatLength } = programs.gradient.lowered
    for (const name of ['parameters', 'gradient', 'sum', ...slots]) this.setHost(name, new Float32Array(flatLength))
    this.setHost('buffers', new Float32Array(programs.gradient.bufferLength))
  }

  load(tensors: Tensors): void {
    const { lowered, buffers, bufferLength } = this.programs.gradient
    const parameters = new Float32Array(lowered.flatLength)
    packParameters(lowered.parameters, tensors, parameters)
    const statistics = new Float32Array(bufferLength)
    for (const buffer of buffers)
      packBuffer(buffer, tensors, statistics.subarray(buffer.offset, buffer.offset + buffer.length))
    this.setHost('parameters', parameters)
    this.setHost('buffers', statistics)
  }

  async save(): Promise<Map<string, NamedTensor>> {
    const { parameters } = this.programs.gradient.lowered
    const trained = unpackParameters(parameters, await this.download('parameters'))
    return new Map([...trained, ...(await this.saveBuffers())])
  }

  async saveBuffers(): Promise<Map<string, NamedTensor>> {
    const { buffers } = this.programs.gradient
    const tensors = new Map<string, NamedTensor>()
    const statistics = await this.download('buffers')
    for (const { key, channels, offset } of buffers)
      tensors.set(key, { shape: [channels], data: statistics.slice(offset, offset + channels) })
    return tensors
  }

  loadSlots(tensors: Tensors): void {
    const { parameters, flatLength } = this.programs.gradient.lowered
    for (const slot of this.slots) {
      const vector = new Float32Array(flatLength)
      packParameters(parameters, tensors, vector, `${slot}/`)
      this.setHost(slot, vector)
    }
  }

  async saveSlots(only = this.slots): Promise<Map<string, NamedTensor>> {
    const { parameters } = this.programs.gradient.lowered
    const tensors = new Map<string, NamedTensor>()
    for (const slot of only)
      unpackParameters(parameters, await this.download(slot), `${slot}/`).forEach((tensor, key) =>
        tensors.set(key, tensor),
      )
    return tensors
  }

  async computeGradient(data: Arrays): Promise<Arrays> {
    const { lowered, bufferLength, results } = this.programs.gradient
    const feeds = {
      ...feedsFor(lowered, data),
      parameters: this.vector('parameters'),
      ...(bufferLength > 0 && { buffers: this.vector('buffers') }),
    }
    const made = await run(this.sessions.gradient, feeds)
    if ('gradient' in made) this.replace('gradient', made['gradient'])
    if ('next:buffers' in made) this.replace('buffers', made['next:buffers'])
    return arraysOf(Object.fromEntries(results.map(({ name }) => [name, made[name]])))
  }

  async accumulateGradient(weight: number, isFirst: boolean): Promise<void> {
    if (this.sessions.accumulate === undefined) throw new Error('compiled without accumulation')
    if (isFirst) this.setHost('sum', new Float32Array(this.vector('sum').size))
    const made = await run(this.sessions.accumulate, {
      gradient: this.vector('gradient'),
      sum: this.vector('sum'),
      weight: tensorOver(Float32Array.of(weight), [1]),
    })
    this.replace('sum', made['next:sum'])
  }

  async update(scalars: Readonly<Record<string, number>>): Promise<number> {
    const gradient = this.vector(this.sessions.accumulate === undefined ? 'gradient' : 'sum')
    const state: Record<string, Tensor> = { gradient }
    for (const name of ['parameters', ...this.slots]) state[name] = this.vector(name)
    for (const [name, scalar] of Object.entries(scalars)) state[name] = tensorOver(Float32Array.of(scalar), [1])
    // A single chunk is the vector, under the name of its chunk.
    const feeds = Object.fromEntries(
      this.programs.update.data.map(({ name }) => [name, state[name.replace(/:0$/, '')]]),
    )
    const made = await run(this.sessions.update, feeds)
    for (const name of ['parameters', ...this.slots]) this.replace(name, made[`next:${name}`] ?? made[`next:${name}:0`])
    return (made['gradientNorm'].data as Float32Array)[0]
  }

  /** Buffers of the device first: they belong to the sessions that made them. */
  async dispose(): Promise<void> {
    this.state.forEach((tensor) => {
      tensor.dispose()
    })
    this.state.clear()
    await this.memory.dispose()
    await this.sessions.gradient.release()
    await this.sessions.update.release()
    await this.sessions.accumulate?.release()
  }

  private vector(name: string): Tensor {
    const tensor = this.state.get(name)
    if (tensor === undefined) throw new Error(`no vector ${name}`)
    return tensor
  }

  private replace(name: string, tensor: Tensor): void {
    this.state.get(name)?.dispose()
    this.state.set(name, tensor)
  }

  private setHost(name: string, vector: Float32Array): void {
    this.replace(name, tensorOver(vector, [vector.length]))
  }

  private async download(name: string): Promise<Float32Array> {
    return this.memory.download(this.vector(name))
  }
}

function nextVectors({ results }: LoweredProgram): readonly string[] {
  return results.map(({ name }) => name).filter((name) => name.startsWith('next:'))
}
