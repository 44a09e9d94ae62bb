import type { NamedTensor } from '../core/safetensors.ts'
import type { Program } from '../graph/program.ts'
import type { Shape } from '../graph/tensor.ts'

/** Tensors under their checkpoint keys, in PyTorch's order of axes. */
export type Tensors = ReadonlyMap<string, NamedTensor>
/** What goes into or comes out of one run, by name; row-major. */
export type Arrays = Readonly<Record<string, Float32Array | Int32Array | Uint8Array>>

/** How numbers repeat: bit for bit on the same machine with the same threads, to rounding, or only on average. */
export type Determinism = 'bitwise' | 'numeric' | 'statistical'

/** A parameter (or a piece of one), as the optimizer tells it from others. */
export interface UpdatedParameter {
  readonly key: string
  /** Logical, [O, I, kh, kw] or [C]. */
  readonly shape: Shape
}

/**
 * How the rows of a tensor (its first axis: output channels) lie in storage: it is [outer, inner, block] with row
 * outer · block + block's index, padded with zeros.
 */
export interface StoredRows {
  readonly outer: number
  readonly inner: number
  readonly block: number
}

/** A stretch of the flat vectors that an update works through at once. */
export interface Chunk {
  /** Elements. */
  readonly length: number
  /** All its parameters are of this group. */
  readonly group: number
  /** Where the plan asked for rows: the one tensor of rank 2 or more that the chunk is. */
  readonly tensor?: UpdatedParameter & { readonly rows: StoredRows }
}

/**
 * An optimizer as a program over flat vectors. It works through the vectors in chunks, so that what one chunk's arithmetic
 * leaves is still in the processor's cache when it is read: `parameters:K`, `gradient:K` and `SLOT:K` are the inputs of
 * chunk K.
 */
export interface UpdatePlan {
  /** Names of the optimizer's state vectors. */
  readonly slots: readonly string[]
  /** Group of a parameter, from 0; absent where there is only one. */
  readonly groupOf?: ((parameter: UpdatedParameter) => number) | undefined
  /** Whether each tensor of rank 2 or more is to be a chunk of its own. */
  readonly isByTensor?: boolean
  /** Results: `next:parameters:K` and `next:SLOT:K` of every chunk, and `gradientNorm` [1] over all of them. */
  build(chunks: readonly Chunk[]): Program
}

export interface TrainingPlan {
  /** Loss, gradients and running statistics of one batch. */
  readonly gradient: Program
  readonly update: UpdatePlan
  /** Micro-batches per update; 1 compiles no accumulation. */
  readonly accumulate: number
}

/** A compiled training step with its state: parameters, running statistics and optimizer state live here, once. */
export interface TrainingEngine {
  /** Fills parameters and running statistics. Keys that the network does not have are not an error here. */
  load(tensors: Tensors): void
  /** Parameters and running statistics, as they are now. */
  save(): Promise<Map<string, NamedTensor>>
  /** Optimizer state under `SLOT/KEY`. */
  loadSlots(tensors: Tensors): void
  /** @param only these of its slots; all where left out */
  saveSlots(only?: readonly string[]): Promise<Map<string, NamedTensor>>
  /** Running statistics, as they are now. */
  saveBuffers(): Promise<Map<string, NamedTensor>>
  /** One batch: forward, loss, backward; replaces the gradient and the running statistics. Results by name. */
  computeGradient(data: Arrays): Promise<Arrays>
  /** Adds the gradient, times `weight`, to the sum that the next update will use. Only with accumulate > 1. */
  accumulateGradient(weight: number, isFirst: boolean): Promise<void>
  /** One optimizer step with this step's scalars; returns the norm of the gradient before clipping. */
  update(scalars: Readonly<Record<string, number>>): Promise<number>
  dispose(): Promise<void>
}

/** A compiled forward pass. */
export interface InferenceEngine {
  load(tensors: Tensors): void
  run(data: Arrays): Promise<Arrays>
  dispose(): Promise<void>
}

/** What one program holds while it runs, in bytes. */
export interface ProgramMemory {
  /** Whether its values lie in the memory of a graphics card. */
  readonly isOnCard: boolean
  /** Values between its operators, at their peak. */
  readonly activationBytes: number
  readonly constantBytes: number
  /** All parameters once, as they are stored. */
  readonly parameterBytes: number
  /** One batch that goes in, and all that comes out. */
  readonly dataBytes: number
  readonly resultBytes: number
  readonly operators: number
  /** What its operators read and write in one run, large and small, each value as often as it is touched. */
  readonly trafficBytes: number
}

/** Turns programs into something that runs. */
export interface Engine {
  /** What computes, as runs record it: `onnx`, `tensorflow`. */
  readonly name: string
  /** Which form of the program runs: `blocked16`, `blocked8`, `plain`. */
  readonly lowering: string
  readonly device: string
  readonly threads: number
  readonly determinism: Determinism
  /** Versions of what computes. */
  readonly versions: Readonly<Record<string, string>>
  compileTraining(plan: TrainingPlan): Promise<TrainingEngine>
  compileInference(program: Program): Promise<InferenceEngine>
  /** What a program would hold, without compiling it; absent where an engine cannot tell. */
  memoryOf?(program: Program): ProgramMemory
}
