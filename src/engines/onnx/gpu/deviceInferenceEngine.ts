import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Program } from '../../../graph/program.ts'
import type { Arrays, InferenceEngine, Tensors } from '../../engine.ts'
import { arraysOf, createSession, feedsFor, run, type SessionOptions } from '../session.ts'
import { packBuffer, packParameters } from '../storedTensors.ts'
import { DeviceMemory } from './deviceMemory.ts'
import { flattenState, type FlatProgram } from './flatState.ts'
import { lowerGpu } from './lowerGpu.ts'

/** A forward pass whose weights go to the device once per checkpoint. */
export class DeviceInferenceEngine implements InferenceEngine {
  private readonly program: FlatProgram
  private readonly session: InferenceSession
  private readonly memory: DeviceMemory
  /** Loaded, not yet on the device. */
  private loaded: Record<string, Float32Array> | undefined
  private weights: Record<string, Tensor> = {}

  static async compile(source: Program, options: SessionOptions): Promise<DeviceInferenceEngine> {
    const program = flattenState(lowerGpu(source))
    return new DeviceInferenceEngine(program, await createSession(program.lowered.emitter, options), options)
  }

  private constructor(program: FlatProgram, session: InferenceSession, options: SessionOptions) {
    this.program = program
    this.session = session
    this.memory = new DeviceMemory(options)
  }

  load(tensors: Tensors): void {
    const { lowered, buffers, bufferLength } = this.program
    const loaded: Record<string, Float32Array> = {}
    if (lowered.parameters.length > 0) {
      loaded['parameters'] = new Float32Array(lowered.flatLength)
      packParameters(lowered.parameters, tensors, loaded['parameters'])
    }
    if (bufferLength > 0) {
      const statistics = new Float32Array(bufferLength)
      for (const buffer of buffers)
        packBuffer(buffer, tensors, statistics.subarray(buffer.offset, buffer.offset + buffer.length))
      loaded['buffers'] = statistics
    }
    this.loaded = loaded
  }

  async run(data: Arrays): Promise<Arrays> {
    await this.uploadLoaded()
    return arraysOf(await run(this.session, { ...feedsFor(this.program.lowered, data), ...this.weights }))
  }

  async dispose(): Promise<void> {
    this.disposeWeights()
    await this.memory.dispose()
    await this.session.release()
  }

  private async uploadLoaded(): Promise<void> {
    const { loaded } = this
    if (loaded === undefined) return
    this.loaded = undefined
    this.disposeWeights()
    for (const [name, vector] of Object.entries(loaded)) this.weights[name] = await this.memory.upload(vector)
  }

  private disposeWeights(): void {
    for (const tensor of Object.values(this.weights)) tensor.dispose()
    this.weights = {}
  }
}
