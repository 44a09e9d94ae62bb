import * as z from 'zod'
import type { EncoderDefinition as NamedEncoder } from '../../core/experiment.ts'
import { constant } from '../../graph/sources.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'

/** A file of weights that is known by its content. */
export interface KnownFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** One set of pretrained weights and how images must look to it (segmentation_models_pytorch 0.6.0 and 0.3.4, timm 1.0.31). */
export interface PretrainedWeights {
  /** Repository on the model hub; its file is `model.safetensors`. */
  readonly hub: string
  /** Commit of the repository; where it is not known here, a download takes the newest and records which that was. */
  readonly revision?: string
  /** Per channel, of images scaled to 0 … 1, RGB. */
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
  /** null where whoever published them states none. */
  readonly licence: string | null
  readonly files?: readonly KnownFile[]
}

/** Pixels of the image per pixel of the last features, along one axis. */
export type OutputStride = 8 | 16 | 32

/** An image classifier without its classifier, as a pyramid of features. */
export interface EncoderDefinition extends NamedEncoder {
  /** What SMP puts before the library's own keys. */
  readonly keyPrefix: 'encoder.' | 'encoder.model.'
  /** The library's key of the convolution that reads the image. */
  readonly stem: string
  /** Channels of the features at 1/2, 1/4, 1/8, 1/16, 1/32; 0 at 1/2 where there is no such map. */
  readonly outChannels: readonly number[]
  /** One entry for each name in `weights`. */
  readonly pretrained: Readonly<Record<string, PretrainedWeights>>
  /** Beginnings of the library's keys that a pretrained file may have and the encoder has not. */
  readonly classifier: readonly string[]
  /** The library's key of today for one that older files have; the key itself where that is the same. */
  readonly currentKey?: (key: string) => string
  /** Whether the image's sides must be multiples of 32; else any size goes. */
  readonly needsDivisibleSize?: boolean
  /** Whether it is only offered with all of its stages, encoder_depth 5. */
  readonly isUsedWhole?: boolean
  /** Whether its last stages can dilate instead of halving the size. */
  readonly dilates: boolean
  /**
   * image [N, C, H, W] → the image and its features down to 1/2^depth; where it dilates, none is smaller than
   * 1/outputStride.
   */
  readonly build: (
    builder: NetworkBuilder,
    image: Tensor,
    depth: number,
    outputStride?: OutputStride,
  ) => readonly Tensor[]
}

/** The part of a definition that says which weights exist. */
export function weightSets(
  pretrained: EncoderDefinition['pretrained'],
): Pick<EncoderDefinition, 'weights' | 'pretrained'> {
  return { weights: Object.keys(pretrained), pretrained }
}

/** Encoders have no arguments of their own. */
export const noArguments = z.strictObject({})

export const imagenetNormalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const
export const halfNormalization = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const

/** Collects features; what lies below the wanted depth is declared but not built. */
export class FeaturePyramid {
  private readonly builder: NetworkBuilder
  private readonly depth: number
  private readonly outputStride: OutputStride
  private readonly collected: Tensor[]

  constructor(builder: NetworkBuilder, image: Tensor, depth: number, outputStride: OutputStride = 32) {
    this.builder = builder
    this.depth = depth
    this.outputStride = outputStride
    this.collected = [image]
  }

  /** From here on comes a stage that makes the features at 1/stride: it dilates where those would be too small. */
  enter(stride: number): void {
    this.builder.dilation = Math.max(1, stride / this.outputStride)
  }

  /** Takes a feature and gives the tensor to go on with. */
  take(x: Tensor): Tensor {
    this.collected.push(x)
    return this.collected.length > this.depth ? this.builder.placeholder(x.shape) : x
  }

  /** Takes the place of a scale at which the encoder has no map, as SMP does: one without channels. */
  takeNone(image: Tensor): Tensor {
    const [N, , H, W] = featureMap(image)
    this.collected.push(constant(image.graph, new Float32Array(0), [N, 0, H >> 1, W >> 1]))
    return image
  }

  get features(): readonly Tensor[] {
    return this.collected.slice(0, this.depth + 1)
  }
}
