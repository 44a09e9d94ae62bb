import * as z from 'zod'
import { concatChannels } from '../../graph/channels.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { atrousPyramid } from './atrousPyramid.ts'
import { conv2dReLU, normReLU, separableConv2d } from './convolutions.ts'
import { segmentationHead, upsample } from './segmentationHead.ts'

const atrousRate = z.int().min(1).max(256)

const deepLabV3PlusArguments = z.object({
  encoder_depth: z
    .int()
    .min(3)
    .max(5)
    .default(5)
    .describe('Number of encoder stages used; each halves the resolution.'),
  encoder_output_stride: z
    .union([z.literal(8), z.literal(16)])
    .default(16)
    .describe('Pixels of the image per pixel of the deepest features: stages beyond it dilate instead of halving.'),
  decoder_channels: z.int().min(1).max(4096).default(256).describe('Channels of the decoder.'),
  decoder_atrous_rates: z
    .tuple([atrousRate, atrousRate, atrousRate])
    .default([12, 24, 36])
    .describe('Dilations of the three atrous convolutions, in pixels of the deepest features.'),
  decoder_aspp_separable: z
    .boolean()
    .default(true)
    .describe('Whether the atrous convolutions are depthwise ones followed by 1×1.'),
  decoder_aspp_dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe('Probability with which an element after the pyramid is dropped in training.'),
})

/** Chosen by the paper's authors. */
const highResolutionChannels = 48

/** DeepLabV3+ (Chen et al. 2018) as in segmentation_models_pytorch 0.6.0. */
export const deepLabV3Plus: ArchitectureDefinition = {
  name: 'DeepLabV3Plus',
  summary:
    'DeepLabV3+: atrous spatial pyramid pooling over a dilated encoder, joined with the features at a quarter of the size.',
  arguments: deepLabV3PlusArguments,
  needsDivisibleSize: true,
  outputStride: (config) => deepLabV3PlusArguments.parse(config).encoder_output_stride,
  build: (builder, features, config, classes) => {
    const options = deepLabV3PlusArguments.parse(config)
    const { decoder_channels: channels, encoder_depth: depth, encoder_output_stride: outputStride } = options
    const deepest = atrousPyramid(builder, features.at(-1)!, 'decoder.aspp.0', {
      channels,
      rates: options.decoder_atrous_rates,
      isSeparable: options.decoder_aspp_separable,
      dropout: options.decoder_aspp_dropout,
    })
    const pooled = normReLU(builder, separableConv2d(builder, deepest, 'decoder.aspp.1', channels), 'decoder.aspp.2')
    const enlarged = upsample(pooled, outputStride === 16 && depth > 3 ? 4 : 2)
    const detail = conv2dReLU(builder, features[2], 'decoder.block1', { outputs: highResolutionChannels, kernel: 1 })
    const joined = separableConv2d(builder, concatChannels([enlarged, detail]), 'decoder.block2.0', channels)
    return segmentationHead(builder, normReLU(builder, joined, 'decoder.block2.1'), {
      classes,
      kernel: 1,
      upsampling: 4,
    })
  },
}
