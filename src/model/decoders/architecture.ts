import type { Definition } from '../../core/definition.ts'
import type { ModelConfig } from '../../core/experiment.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { OutputStride } from '../encoders/encoder.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'

/** A decoder and its segmentation head. */
export interface ArchitectureDefinition extends Definition {
  /** Whether the image's sides must be multiples of the size of the deepest features' pixels. */
  readonly needsDivisibleSize: boolean
  /** How many scales with a map it wants at least. */
  readonly scales?: number
  /** Whether it reads the features at 1/2 and is nothing without them. */
  readonly needsHalf?: (config: ModelConfig) => boolean
  /** Of the encoder, where the architecture dilates it. */
  readonly outputStride?: (config: ModelConfig) => OutputStride
  /** features: the image, then 1/2, 1/4 … → logits [N, classes, H, W]. */
  readonly build: (builder: NetworkBuilder, features: readonly Tensor[], config: ModelConfig, classes: number) => Tensor
}
