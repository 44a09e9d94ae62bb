import { UserError } from '../core/errors.ts'
import type { ModelConfig } from '../core/experiment.ts'
import { input } from '../graph/sources.ts'
import type { Graph, Tensor } from '../graph/tensor.ts'
import type { ArchitectureDefinition } from './decoders/architecture.ts'
import { misfitOf } from './combination.ts'
import { architectures } from './decoders/registry.ts'
import type { EncoderDefinition, OutputStride } from './encoders/encoder.ts'
import { encoders } from './encoders/registry.ts'
import { NetworkBuilder } from './networkBuilder.ts'
import type { AuxiliaryOutput, Declaration, FrozenStatistics, NetworkMode, RandomInput } from './networkParts.ts'

export interface NetworkOptions {
  readonly mode: NetworkMode
  /** The encoder's features are inputs, `feature/K`, instead of being computed: it is in the state dict, not in the graph. */
  readonly isEncoderOutside?: boolean
  /** Which BatchNorms use their running statistics in training, and leave them as they are; none where left out. */
  readonly frozenStatistics?: FrozenStatistics | undefined
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
  /** Further heads of deep supervision; empty in inference. */
  readonly auxiliary: readonly AuxiliaryOutput[]
  /** New running statistics, by state dict key; empty in inference. A counter beside one of them goes up by one. */
  readonly updates: ReadonlyMap<string, Tensor>
  /**
   * The state dict in the order of segmentation_models_pytorch's, then that of auxiliary heads; some entries are not in the
   * graph.
   */
  readonly declarations: readonly Declaration[]
  /** Inputs [N] of stochastic depth; empty in inference. */
  readonly randomInputs: readonly RandomInput[]
  /** Smallest momentum of its BatchNorms. */
  readonly slowestMomentum: number
}

/**
 * @throws UserError where a name is unknown, encoder or image size do not fit the architecture, or in training where
 *   BatchNorm would see one value per channel
 */
export function buildNetwork(config: ModelConfig, options: NetworkOptions): Network {
  const architecture = architectures.get(config.arch)
  const encoder = encoders.get(config.encoder_name)
  checkCombination(config)
  const { batch, height, width, classes } = options
  const builder = new NetworkBuilder(options.mode, options.frozenStatistics)
  const image = input(builder.graph, 'image', [batch, config.in_channels, height, width])
  const outputStride = outputStrideOf(architecture, encoder, config)
  if (architecture.needsDivisibleSize)
    checkDivisible(architecture.name, Math.min(outputStride, 2 ** config.encoder_depth), options)
  if (encoder.needsDivisibleSize) checkDivisible(encoder.name, 32, options)
  const seen = options.isEncoderOutside === true ? builder.placeholder(image.shape) : image
  const encoded = encoder.build(builder, seen, config.encoder_depth, outputStride)
  const features =
    seen === image
      ? encoded
      : encoded.map((each, index) => {
          return each === seen ? image : input(builder.graph, featureName(index), each.shape)
        })
  builder.dilation = 1
  const logits = architecture.build(builder, features, config, classes)
  builder.graph.scope = ''
  const { graph, auxiliary, updates, declarations, randomInputs, slowestMomentum } = builder
  return { graph, image, features, logits, auxiliary, updates, declarations, randomInputs, slowestMomentum }
}

/** Of the encoder's feature at 1/2^index, where it goes in or out by name. */
export function featureName(index: number): string {
  return `feature/${index}`
}

function checkCombination(config: ModelConfig): void {
  const misfit = misfitOf(config)
  if (misfit === undefined) return
  const { key, message, allowed, hint } = misfit
  throw new UserError(message, { value: config[key], allowed, hint, code: 'encoder-does-not-fit' })
}

function outputStrideOf(
  { name, outputStride }: ArchitectureDefinition,
  encoder: EncoderDefinition,
  config: ModelConfig,
): OutputStride {
  const wanted = outputStride?.(config) ?? 32
  if (wanted >= 2 ** config.encoder_depth || encoder.dilates) return wanted
  const dilating = encoders.all.filter(({ dilates }) => dilates).map((other) => other.name)
  throw new UserError(`${name} needs an encoder that can dilate; "${encoder.name}" cannot.`, {
    value: encoder.name,
    allowed: dilating,
    hint: 'Choose one of these encoders, or an architecture that takes the features as they are, e.g. Unet.',
    code: 'encoder-does-not-dilate',
  })
}

/** @throws UserError as SMP's `check_input_shape` */
function checkDivisible(part: string, stride: number, { height, width }: NetworkOptions): void {
  if (height % stride === 0 && width % stride === 0) return
  const up = (side: number): number => Math.ceil(side / stride) * stride
  throw new UserError(`${part} takes images whose sides are multiples of ${stride}.`, {
    value: `${height} × ${width}`,
    hint: `Set data.image_size to [${up(height)}, ${up(width)}], or choose Unet over another encoder, which takes any size.`,
    code: 'size-not-divisible',
  })
}
