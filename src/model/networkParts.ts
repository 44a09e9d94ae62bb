import type { Pads } from '../graph/operations.ts'
import type { Shape, Tensor } from '../graph/tensor.ts'
import type { ConvolutionInitializer, Distribution } from './initializers.ts'

/** One entry of the state dict: what a checkpoint holds under `key`. */
export interface Declaration {
  readonly key: string
  /** Empty for a counter. */
  readonly shape: Shape
  readonly initial: Distribution
  /** `parameter` is trained, `buffer` a running statistic, `counter` BatchNorm's `num_batches_tracked` (int64). */
  readonly kind: 'parameter' | 'buffer' | 'counter'
}

/** An input that the trainer fills anew at every step: each value is 0 with probability `rate`, else 1 / (1 − rate). */
export interface RandomInput {
  readonly name: string
  readonly rate: number
  /** 1 for stochastic depth, [N]; more where elements of a map are dropped. */
  readonly valuesPerImage: number
}

export type NetworkMode = 'training' | 'inference'

/** Which BatchNorms keep and use their running statistics in training. */
export type FrozenStatistics = 'none' | 'encoder' | 'all'

/** What every key of an encoder begins with. */
export const encoderPrefix = 'encoder.'

/** A further head of deep supervision: its losses, too, train the network. Only in training. */
export interface AuxiliaryOutput {
  readonly name: string
  /** Factor of its losses in the sum. */
  readonly weight: number
  /** [N, classes, H, W] */
  readonly logits: Tensor
}

export interface ConvolutionSettings {
  readonly kernel: number
  readonly stride?: number
  /** Default: ⌊kernel / 2⌋ on each side. */
  readonly pads?: Pads
  readonly dilation?: number
  readonly bias?: boolean
  readonly initial: ConvolutionInitializer
}

export interface BatchNormSettings {
  readonly epsilon: number
  /** Weight of the new batch in the running statistics. */
  readonly momentum: number
}

/** torch's defaults for `BatchNorm2d`. */
export const torchBatchNorm: BatchNormSettings = { epsilon: 1e-5, momentum: 0.1 }
