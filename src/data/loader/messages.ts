import type { Normalization } from '../../augment/normalize.ts'
import type { SecondLabels } from '../../augment/mixes/mix.ts'
import type { Sample, Size } from '../../augment/sample.ts'
import type { NamedArguments } from '../../core/experiment.ts'
import type { PixelInputName } from '../../core/pixelInputs.ts'
import type { SentError } from '../../core/sentErrors.ts'
import type { ImagePair } from '../folders.ts'
import type { MaskRules } from '../maskRules.ts'

/** What does not change while a loader lives; plain data, handed to each worker at its start. */
export interface LoaderSettings extends Normalization {
  readonly rules: MaskRules
  /** [height, width] to which every image is resized before all else; null keeps its own size. */
  readonly resize: readonly [height: number, width: number] | null
  /** Transforms of training images, as in an experiment file. */
  readonly augment: readonly NamedArguments[]
  /** How a training batch is mixed after augmentation, as in an experiment file. */
  readonly mix: NamedArguments | null
  readonly seed: number
  /** What is made of the labels beside them, for losses that need it. */
  readonly pixelInputs?: readonly PixelInputName[]
}

/** One image of a batch. */
export interface BatchItem {
  /** Position in the loader's entries: with seed and epoch it decides what is drawn. */
  readonly index: number
  readonly pair: ImagePair
  /** How often the same image came before in this epoch: other random transforms each time. */
  readonly repeat: number
  /** Decoded and resized in an earlier epoch; its bytes are shared between threads and never written. */
  readonly cached?: Sample | undefined
}

/** Memory of a batch, reused from batch to batch. */
export interface BatchBuffers {
  /** [N, 3, H, W] */
  readonly image: Float32Array<ArrayBuffer>
  /** [N, H, W] */
  readonly target: Int32Array<ArrayBuffer>
  /** [N·H·W, C] under each of the settings' `pixelInputs`. */
  readonly inputs: Readonly<Partial<Record<PixelInputName, Float32Array<ArrayBuffer>>>>
}

/** The memory of a batch, as it changes threads. */
export function memoryOf({ image, target, inputs }: BatchBuffers): ArrayBuffer[] {
  return [image, target, ...Object.values(inputs)].map(({ buffer }) => buffer)
}

/** Host to worker: fill one batch. */
export interface BatchRequest {
  readonly items: readonly BatchItem[]
  /** Epoch whose random transforms are applied; null for validation, which has none. */
  readonly epoch: number | null
  /** Its place in the epoch: with seed and epoch it decides how it is mixed; null mixes nothing. */
  readonly batch: number | null
  readonly size: Size
  readonly buffers: BatchBuffers
  /** Whether decoded samples are wanted back for the cache. */
  readonly isCaching: boolean
}

/** Worker to host. */
export interface BatchFilled {
  readonly buffers: BatchBuffers
  /** Where the loss counts the labels of two images. */
  readonly second?: SecondLabels | undefined
  readonly decoded: readonly { readonly index: number; readonly sample: Sample }[]
}

export type WorkerReply = { readonly type: 'filled'; readonly filled: BatchFilled } | SentError
