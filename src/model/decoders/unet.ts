import * as z from 'zod'
import { concatChannels } from '../../graph/channels.ts'
import { resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { conv2dReLU } from './convolutions.ts'
import { segmentationHead } from './segmentationHead.ts'
import { spatialChannelExcite, squeezeReduction } from './spatialChannelExcitation.ts'

const unetArguments = z
  .object({
    encoder_depth: z
      .int()
      .min(3)
      .max(5)
      .default(5)
      .describe('Number of encoder stages used; each halves the resolution.'),
    decoder_channels: z
      .array(z.int().min(1).max(4096))
      .default([256, 128, 64, 32, 16])
      .describe('Channels of each decoder block, the deepest first; as many as encoder_depth.'),
    decoder_interpolation: z
      .enum(['nearest', 'bilinear'])
      .default('nearest')
      .describe('How a decoder block enlarges its input (bilinear: align_corners=False).'),
    decoder_attention_type: z
      .enum(['scse'])
      .nullable()
      .default(null)
      .describe('Attention before and after the convolutions of each block: scse, or null for none.'),
  })
  .refine(({ encoder_depth, decoder_channels }) => decoder_channels.length === encoder_depth, {
    path: ['decoder_channels'],
    message: 'needs as many numbers as encoder_depth.',
    params: {
      allowed: 'one number per encoder stage',
      hint: 'Give as many channels as encoder_depth, the deepest first.',
    },
  })
  .refine(
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
  )

interface Block {
  readonly key: string
  readonly channels: number
  readonly mode: 'nearest' | 'bilinear'
  readonly hasAttention: boolean
}

/** Enlarges x to the size of `target`, joins the skip where there is one, and convolves twice. */
function decoderBlock(
  builder: NetworkBuilder,
  x: Tensor,
  target: Tensor,
  skip: Tensor | undefined,
  block: Block,
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

/** U-Net (Ronneberger et al. 2015) as in segmentation_models_pytorch 0.6.0; any input size. */
export const unet: ArchitectureDefinition = {
  name: 'Unet',
  summary: 'U-Net: each decoder block doubles the size, joins the encoder’s feature of that size and convolves twice.',
  arguments: unetArguments,
  needsDivisibleSize: false,
  build: (builder, features, config, classes) => {
    const { decoder_channels, decoder_interpolation: mode, decoder_attention_type } = unetArguments.parse(config)
    const hasAttention = decoder_attention_type === 'scse'
    let x = features.at(-1)!
    decoder_channels.forEach((channels, index) => {
      const target = features.at(-2 - index)!
      const isLast = index === decoder_channels.length - 1
      const block = { key: `decoder.blocks.${index}`, channels, mode, hasAttention }
      x = decoderBlock(builder, x, target, isLast ? undefined : target, block)
    })
    return segmentationHead(builder, x, { classes, kernel: 3, upsampling: 1 })
  },
}
