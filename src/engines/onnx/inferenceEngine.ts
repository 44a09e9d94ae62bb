import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Arrays, InferenceEngine, Tensors } from '../engine.ts'
import type { LoweredProgram } from './lowering.ts'
import {
  arraysOf,
  createSession,
  feedsFor,
  resultTensors,
  runInPlace,
  tensorOver,
  type SessionOptions,
} from './session.ts'
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
    this.results = resultTensors(lowered.results)
  }

  load(tensors: Tensors): void {
    packParameters(this.lowered.parameters, tensors, this.parameters)
    for (const buffer of this.lowered.buffers) packBuffer(buffer, tensors, this.buffers.get(buffer.key)!)
  }

  /** Results stay valid until the next run. */
  async run(data: Arrays): Promise<Arrays> {
    await runInPlace(this.session, { ...this.weights, ...feedsFor(this.lowered, data) }, this.results)
    return arraysOf(this.results)
  }

  async dispose(): Promise<void> {
    await this.session.release()
  }
}
