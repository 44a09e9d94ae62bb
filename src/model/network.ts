import type { ModelConfig } from '../core/experiment.ts'
import { input } from '../graph/sources.ts'
import type { Graph, Tensor } from '../graph/tensor.ts'
import { architectures } from './decoders/registry.ts'
import { encoders } from './encoders/registry.ts'
import { NetworkBuilder, type Declaration, type NetworkMode, type RandomInput } from './networkBuilder.ts'

export interface NetworkOptions {
  readonly mode: NetworkMode
  readonly batch: number
  /** In pixels. */
  readonly height: number
  readonly width: number
  readonly classes: number
}

/** A network in the IR and what belongs to it. */
export interface Network {
  readonly graph: Graph
  /** Input "image" [N, in_channels, H, W]. */
  readonly image: Tensor
  /** The image and the encoder's features at 1/2, 1/4 …. */
  readonly features: readonly Tensor[]
  /** [N, classes, H, W], before any softmax. */
  readonly logits: Tensor
  /** New running statistics, by state dict key; empty in inference. A counter beside one of them goes up by one. */
  readonly updates: ReadonlyMap<string, Tensor>
  /** The state dict in the order of segmentation_models_pytorch's; some entries are not in the graph. */
  readonly declarations: readonly Declaration[]
  /** Inputs [N] of stochastic depth; empty in inference. */
  readonly randomInputs: readonly RandomInput[]
  /** Smallest momentum of its BatchNorms. */
  readonly slowestMomentum: number
}

/**
 * @throws UserError where a name is unknown, or in training where BatchNorm would see one value per channel
 */
export function buildNetwork(config: ModelConfig, options: NetworkOptions): Network {
  const architecture = architectures.get(config.arch)
  const encoder = encoders.get(config.encoder_name)
  const { batch, height, width, classes } = options
  const builder = new NetworkBuilder(options.mode)
  const image = input(builder.graph, 'image', [batch, config.in_channels, height, width])
  const features = encoder.build(builder, image, config.encoder_depth)
  const logits = architecture.build(builder, features, config, classes)
  builder.graph.scope = ''
  const { graph, updates, declarations, randomInputs, slowestMomentum } = builder
  return { graph, image, features, logits, updates, declarations, randomInputs, slowestMomentum }
}
