import * as z from 'zod'
import { affineChannels, concatChannels } from '../../graph/channels.ts'
import { add } from '../../graph/elementwise.ts'
import { resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { squeezeGate } from '../encoders/squeezeExcitation.ts'
import { kaimingUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { blockChannels, blockInterpolation, channelCount, encoderDepth, hasChannelsForEveryStage } from './arguments.ts'
import { conv2dReLU } from './convolutions.ts'
import { positionAttention } from './positionAttention.ts'
import { segmentationHead } from './segmentationHead.ts'
import { decoderBlock } from './unetBlock.ts'

const manetArguments = z
  .object({
    encoder_depth: encoderDepth,
    decoder_channels: blockChannels,
    decoder_pab_channels: channelCount
      .default(64)
      .describe('Channels in which the pixels of the deepest features are compared.'),
    decoder_interpolation: blockInterpolation,
  })
  .refine(...hasChannelsForEveryStage)

/** Channels that become one in the squeeze. */
const reduction = 16

interface Block {
  readonly key: string
  readonly channels: number
  readonly mode: 'nearest' | 'bilinear'
}

/** Multi-scale fusion attention: the deeper map gated by its own channels and the skip's, both gates added. */
function fusionBlock(builder: NetworkBuilder, deep: Tensor, skip: Tensor, { key, channels, mode }: Block): Tensor {
  const [, skipChannels, height, width] = featureMap(skip)
  const gate = (x: Tensor, name: string): Tensor =>
    squeezeGate(builder, x, {
      reduceKey: `${key}.${name}.1`,
      expandKey: `${key}.${name}.3`,
      squeezed: Math.max(1, Math.floor(skipChannels / reduction)),
      activation: 'relu',
      initial: kaimingUniform,
    })
  let x = conv2dReLU(builder, deep, `${key}.hl_conv.0`, { outputs: featureMap(deep)[1], kernel: 3 })
  x = conv2dReLU(builder, x, `${key}.hl_conv.1`, { outputs: skipChannels, kernel: 1 })
  x = resize2d(x, { height, width, mode, alignCorners: false })
  const ofSkip = gate(skip, 'SE_ll')
  const joined = concatChannels([affineChannels(x, add(gate(x, 'SE_hl'), ofSkip)), skip])
  const fused = conv2dReLU(builder, joined, `${key}.conv1`, { outputs: channels, kernel: 3 })
  return conv2dReLU(builder, fused, `${key}.conv2`, { outputs: channels, kernel: 3 })
}

/** Multi-scale attention net (Fan et al. 2020) as in segmentation_models_pytorch 0.6.0. */
export const manet: ArchitectureDefinition = {
  name: 'MAnet',
  summary:
    'MA-Net: a U-Net with attention between the pixels of the deepest features and between channels in every block.',
  arguments: manetArguments,
  needsDivisibleSize: true,
  needsHalf: () => true,
  build: (builder, features, config, classes) => {
    const { decoder_channels, decoder_pab_channels, decoder_interpolation: mode } = manetArguments.parse(config)
    let x = positionAttention(builder, features.at(-1)!, 'decoder.center', decoder_pab_channels)
    decoder_channels.forEach((channels, index) => {
      const target = features.at(-2 - index)!
      const block = { key: `decoder.blocks.${index}`, channels, mode }
      x =
        index < decoder_channels.length - 1
          ? fusionBlock(builder, x, target, block)
          : decoderBlock(builder, x, target, undefined, { ...block, hasAttention: false })
    })
    return segmentationHead(builder, x, { classes, kernel: 3, upsampling: 1 })
  },
}
