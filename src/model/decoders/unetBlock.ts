import * as z from 'zod'
import type { ModelConfig } from '../../core/experiment.ts'
import { concatChannels } from '../../graph/channels.ts'
import { resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import {
  blockChannels,
  blockInterpolation,
  encoderDepth,
  hasChannelsForEveryStage,
  type Refinement,
} from './arguments.ts'
import { conv2dReLU } from './convolutions.ts'
import { spatialChannelExcite, squeezeReduction } from './spatialChannelExcitation.ts'

const attentionType = z
  .enum(['scse'])
  .nullable()
  .default(null)
  .describe('Attention before and after the convolutions of each block: scse, or null for none.')

interface AttentionArguments {
  readonly decoder_attention_type: 'scse' | null
  readonly decoder_channels: readonly number[]
}

/** For `refine`: scSE leaves at least one channel in its squeeze. */
const hasChannelsForAttention: Refinement<AttentionArguments> = [
  ({ decoder_attention_type, decoder_channels }) =>
    decoder_attention_type !== 'scse' || decoder_channels.every((channels) => channels >= squeezeReduction),
  {
    path: ['decoder_channels'],
    message: `needs at least ${squeezeReduction} channels in each block with scse, which squeezes them ${squeezeReduction} to 1.`,
    params: {
      allowed: `${squeezeReduction} channels or more with "decoder_attention_type": "scse"`,
      hint: `Give each block ${squeezeReduction} channels or more, or leave out the attention.`,
    },
  },
]

/** What U-Net and U-Net++ take. */
export const unetArguments = z
  .object({
    encoder_depth: encoderDepth,
    decoder_channels: blockChannels,
    decoder_interpolation: blockInterpolation,
    decoder_attention_type: attentionType,
  })
  .refine(...hasChannelsForEveryStage)
  .refine(...hasChannelsForAttention)

export interface DecoderBlock {
  readonly key: string
  readonly channels: number
  readonly mode: 'nearest' | 'bilinear'
  readonly hasAttention: boolean
}

/** Enlarges x to the size of `target`, joins the skip where there is one, and convolves twice. */
export function decoderBlock(
  builder: NetworkBuilder,
  x: Tensor,
  target: Tensor,
  skip: Tensor | undefined,
  block: DecoderBlock,
): Tensor {
  const { key, channels, mode, hasAttention } = block
  const [, , height, width] = featureMap(target)
  const enlarged = resize2d(x, { height, width, mode, alignCorners: false })
  const convolution = { outputs: channels, kernel: 3 }
  let y = skip ? concatChannels([enlarged, skip]) : enlarged
  if (hasAttention) {
    // The state dict names the first convolution before the attention that runs before it.
    conv2dReLU(builder, builder.placeholder(y.shape), `${key}.conv1`, convolution)
    const attended = spatialChannelExcite(builder, skip ? y : builder.placeholder(y.shape), `${key}.attention1`)
    if (skip) y = attended
  }
  y = conv2dReLU(builder, y, `${key}.conv1`, convolution)
  y = conv2dReLU(builder, y, `${key}.conv2`, convolution)
  return hasAttention ? spatialChannelExcite(builder, y, `${key}.attention2`) : y
}

/** Two convolutions on the deepest map, which SMP puts in for encoders without a stem of their own. */
export function centerBlock(builder: NetworkBuilder, x: Tensor, key: string): Tensor {
  const settings = { outputs: featureMap(x)[1], kernel: 3 }
  return conv2dReLU(builder, conv2dReLU(builder, x, `${key}.0`, settings), `${key}.1`, settings)
}

export function hasCenterBlock({ encoder_name }: ModelConfig): boolean {
  return encoder_name.startsWith('vgg')
}
