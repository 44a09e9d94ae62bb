import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Arrays, InferenceEngine, Tensors } from '../engine.ts'
import { hoistWeights } from './hoistWeights.ts'
import type { LoweredProgram } from './lowering.ts'
import {
  arraysOf,
  createSession,
  feedsFor,
  resultTensors,
  run,
  runInPlace,
  tensorOver,
  type SessionOptions,
} from './session.ts'
import { packBuffer, packParameters } from './storedTensors.ts'

/** The weights of a program as arrays of ours, and tensors over them by input name. */
interface Weights {
  readonly parameters: Float32Array
  readonly buffers: ReadonlyMap<string, Float32Array>
  readonly tensors: Readonly<Record<string, Tensor>>
}

/**
 * A forward pass whose weights are inputs: a new checkpoint is a new set of arrays, not a new session. What depends on the
 * weights alone has a session of its own, which runs once per checkpoint.
 */
export class OnnxInferenceEngine implements InferenceEngine {
  private readonly lowered: LoweredProgram
  private readonly weights: Weights
  private readonly preparation: InferenceSession | undefined
  private readonly session: InferenceSession
  private readonly results: Readonly<Record<string, Tensor>>
  /** The weights that the forward pass reads; undefined where they are to be prepared anew. */
  private fixed: Readonly<Record<string, Tensor>> | undefined

  static async compile(lowered: LoweredProgram, options: SessionOptions): Promise<OnnxInferenceEngine> {
    const { preparation, forward } = hoistWeights(lowered.emitter, (name) => /^(parameter|buffer):/.test(name))
    const prepare = preparation && (await createSession(preparation, { ...options, profile: undefined }))
    const dims = prepare && (await dimsOfPrepared(prepare, lowered))
    const session = await createSession(
      forward((name) => dims!.get(name)!),
      { ...options, isInPlace: true },
    )
    return new OnnxInferenceEngine(lowered, prepare, session)
  }

  private constructor(lowered: LoweredProgram, preparation: InferenceSession | undefined, session: InferenceSession) {
    this.lowered = lowered
    this.weights = emptyWeights(lowered)
    this.preparation = preparation
    this.session = session
    this.results = resultTensors(lowered.results)
  }

  load(tensors: Tensors): void {
    const { parameters, buffers } = this.weights
    packParameters(this.lowered.parameters, tensors, parameters)
    for (const buffer of this.lowered.buffers) packBuffer(buffer, tensors, buffers.get(buffer.key)!)
    this.fixed = undefined
  }

  /** Results stay valid until the next run. */
  async run(data: Arrays): Promise<Arrays> {
    this.fixed ??= await this.prepare()
    await runInPlace(this.session, { ...this.fixed, ...feedsFor(this.lowered, data) }, this.results)
    return arraysOf(this.results)
  }

  async dispose(): Promise<void> {
    await this.preparation?.release()
    await this.session.release()
  }

  private async prepare(): Promise<Record<string, Tensor>> {
    const { preparation, session, weights } = this
    const prepared = preparation && (await run(preparation, inputsOf(preparation, weights.tensors)))
    return inputsOf(session, { ...weights.tensors, ...prepared })
  }
}

function emptyWeights(lowered: LoweredProgram): Weights {
  const parameters = new Float32Array(lowered.flatLength)
  const buffers = new Map(lowered.buffers.map(({ key, length }) => [key, new Float32Array(length)]))
  const tensors: Record<string, Tensor> = {}
  for (const { input, offset, length, dims } of lowered.parameters)
    tensors[input] = tensorOver(parameters.subarray(offset, offset + length), dims)
  for (const { key, dims } of lowered.buffers) tensors[`buffer:${key}`] = tensorOver(buffers.get(key)!, dims)
  return { parameters, buffers, tensors }
}

/** Of what the preparation makes: found out by running it on weights of zero. */
async function dimsOfPrepared(
  preparation: InferenceSession,
  lowered: LoweredProgram,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const prepared = await run(preparation, inputsOf(preparation, emptyWeights(lowered).tensors))
  return new Map(Object.entries(prepared).map(([name, { dims }]) => [name, dims]))
}

/** Those tensors that a session reads. */
function inputsOf({ inputNames }: InferenceSession, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(inputNames.flatMap((name) => (name in tensors ? [[name, tensors[name]] as const] : [])))
}
