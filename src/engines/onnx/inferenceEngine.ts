import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { size } from '../../graph/tensor.ts'
import type { Arrays, InferenceEngine, Tensors } from '../engine.ts'
import type { LoweredProgram } from './lowering.ts'
import { createSession, runInPlace, tensorOver, type SessionOptions } from './session.ts'
import { packBuffer, packParameters } from './storedTensors.ts'

/** One session whose weights are inputs: a new checkpoint is a new set of arrays, not a new session. */
export class OnnxInferenceEngine implements InferenceEngine {
  private readonly lowered: LoweredProgram
  private readonly session: InferenceSession
  private readonly weights: Record<string, Tensor> = {}
  private readonly parameters: Float32Array
  private readonly buffers: ReadonlyMap<string, Float32Array>
  private readonly results: Readonly<Record<string, Tensor>>

  static async compile(lowered: LoweredProgram, options: SessionOptions): Promise<OnnxInferenceEngine> {
    return new OnnxInferenceEngine(lowered, await createSession(lowered.emitter, { ...options, isInPlace: true }))
  }

  private constructor(lowered: LoweredProgram, session: InferenceSession) {
    this.lowered = lowered
    this.session = session
    this.parameters = new Float32Array(lowered.flatLength)
    this.buffers = new Map(lowered.buffers.map(({ key, length }) => [key, new Float32Array(length)]))
    for (const { input, offset, length, dims } of lowered.parameters)
      this.weights[input] = tensorOver(this.parameters.subarray(offset, offset + length), dims)
    for (const { key, dims } of lowered.buffers)
      this.weights[`buffer:${key}`] = tensorOver(this.buffers.get(key)!, dims)
    this.results = Object.fromEntries(
      lowered.results.map(({ name, type, dims }) => [
        name,
        tensorOver(new (type === 'int32' ? Int32Array : Float32Array)(size(dims)), dims),
      ]),
    )
  }

  load(tensors: Tensors): void {
    packParameters(this.lowered.parameters, tensors, this.parameters)
    for (const buffer of this.lowered.buffers) packBuffer(buffer, tensors, this.buffers.get(buffer.key)!)
  }

  /** Results stay valid until the next run. */
  async run(data: Arrays): Promise<Arrays> {
    const feeds = { ...this.weights }
    for (const { name, dims } of this.lowered.data) {
      if (!(name in data)) throw new Error(`the program wants "${name}"`)
      feeds[name] = tensorOver(data[name], dims)
    }
    await runInPlace(this.session, feeds, this.results)
    return Object.fromEntries(Object.entries(this.results).map(([name, tensor]) => [name, tensor.data as Float32Array]))
  }

  async dispose(): Promise<void> {
    await this.session.release()
  }
}
