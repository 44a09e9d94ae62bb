import type * as ort from 'onnxruntime-node'
import { size } from '../../graph/tensor.ts'
import type { Arrays } from '../engine.ts'
import type { Emitter, OnnxValue } from './emitter.ts'
import type { LoweredProgram } from './lowering.ts'
import { explained } from './deviceFailure.ts'
import { sequenceOutput, writeOnnx } from './onnxFile.ts'
import type { Provider } from './provider.ts'

export interface SessionOptions {
  /** Threads inside one operator. */
  readonly threads: number
  /** Prefix of a profile file to write, for `foldwise bench --profile`. */
  readonly profile?: string | undefined
  /** For `runInPlace`. */
  readonly isInPlace?: boolean
  /** The CPU's where not given. */
  readonly provider?: Provider
  /** Results that stay in the device's memory: the binding for Node knows this for WebGPU only. */
  readonly onDevice?: readonly string[]
  /** Refuses a program of which the provider would leave a part to the CPU. */
  readonly forbidsFallback?: boolean
}

let runtime: typeof ort | undefined

// Not before it is needed: most verbs and the editor's assistant never compute, and there are machines without a binary.
async function loadRuntime(): Promise<typeof ort> {
  runtime ??= await import('onnxruntime-node')
  return runtime
}

/** The providers that this build of the runtime knows; that a device is there is another matter. */
export async function knownProviders(): Promise<readonly string[]> {
  return (await loadRuntime()).listSupportedBackends().map(({ name }) => name)
}

/** A session set up for training steps (measured on the CPU: docs/decisions/003). @throws UserError where memory ran out */
export async function createSession(emitter: Emitter, options: SessionOptions): Promise<ort.InferenceSession> {
  const { InferenceSession } = await loadRuntime()
  try {
    return await InferenceSession.create(writeOnnx(emitter, options.isInPlace), runtimeOptions(options))
  } catch (error) {
    throw explained(error)
  }
}

function runtimeOptions({
  threads,
  profile,
  provider = 'cpu',
  onDevice = [],
  forbidsFallback = false,
}: SessionOptions): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Higher levels train no faster and take longer to create.
    graphOptimizationLevel: 'basic',
    // Memory patterns keep 1.6 times the memory for 2–6 % of the time.
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(onDevice.length > 0 && {
      preferredOutputLocation: Object.fromEntries(onDevice.map((name) => [name, 'gpu-buffer'])),
    }),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
    extra: {
      session: {
        set_denormal_as_zero: '1',
        // A step has 4,000 small operators: threads that sleep between them cost 6 % of it. 20 µs of spinning bridge them and
        // leave the cores to others (an editor) when the machine is busy; with the program they stop altogether.
        'intra_op.allow_spinning': '1',
        'intra_op.spin_duration_us': '20',
        force_spinning_stop: '1',
        ...(forbidsFallback && { disable_cpu_ep_fallback: '1' }),
      },
    },
  }
}

/** Runs a program whose results stay on its device or come in new memory. @throws UserError where the device gave up */
export async function run(
  session: ort.InferenceSession,
  feeds: ort.InferenceSession.FeedsType,
): Promise<Record<string, ort.Tensor>> {
  try {
    return await session.run(feeds)
  } catch (error) {
    throw explained(error)
  }
}

/** A tensor over memory that stays ours: the runtime reads and writes it in place. */
export function tensorOver(data: Float32Array | Int32Array | Uint8Array, dims: readonly number[]): ort.Tensor {
  if (runtime === undefined) throw new Error('tensors are made for a session')
  const { Tensor } = runtime
  if (data instanceof Float32Array) return new Tensor('float32', data, dims)
  return data instanceof Int32Array ? new Tensor('int32', data, dims) : new Tensor('uint8', data, dims)
}

/** Tensors over the values of a program's inputs. @throws Error where one is missing */
export function feedsFor({ data }: LoweredProgram, values: Arrays): Record<string, ort.Tensor> {
  return tensorsFor(data, values)
}

/** Tensors over the places of a program's results. @throws Error where one is missing */
export function fetchesFor({ results }: LoweredProgram, values: Arrays): Record<string, ort.Tensor> {
  return tensorsFor(results, values)
}

function tensorsFor(declared: readonly OnnxValue[], values: Arrays): Record<string, ort.Tensor> {
  return Object.fromEntries(
    declared.map(({ name, dims }) => {
      if (!(name in values)) throw new Error(`the program wants "${name}"`)
      return [name, tensorOver(values[name], dims)]
    }),
  )
}

/** Memory for results, reused from run to run. */
export function resultTensors(results: readonly OnnxValue[]): Record<string, ort.Tensor> {
  return Object.fromEntries(
    results.map(({ name, type, dims }) => [
      name,
      tensorOver(new (type === 'int32' ? Int32Array : Float32Array)(size(dims)), dims),
    ]),
  )
}

/** What lies in the tensors now: valid until the next run. */
export function arraysOf(results: Readonly<Record<string, ort.Tensor>>): Arrays {
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

/**
 * Runs a program that writes its results into the given tensors, and nowhere else.
 *
 * The runtime's binding for Node writes there too, but then converts every output into a new JavaScript tensor: for a
 * training step 100–250 MB of copies and garbage, 30–75 ms. So the model's first output is a sequence, which the binding
 * cannot convert: it gives up before the first copy, after everything has been computed (docs/decisions/010). Should a
 * later version convert sequences or stop copying, the run simply succeeds.
 */
export async function runInPlace(
  session: ort.InferenceSession,
  feeds: ort.InferenceSession.FeedsType,
  results: Readonly<Record<string, ort.Tensor>>,
): Promise<void> {
  try {
    await session.run(feeds, { ...results, [sequenceOutput]: null })
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('Non tensor type')) throw explained(error)
  }
}
