import * as z from 'zod'
import { concatChannels } from '../../graph/channels.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { encoderDepth, outputStride } from './arguments.ts'
import { atrousArguments, atrousPyramid } from './atrousPyramid.ts'
import { conv2dReLU, normReLU, separableConv2d } from './convolutions.ts'
import { encoderSupervision, encoderSupervisionWeight } from './deepSupervision.ts'
import { segmentationHead, upsample } from './segmentationHead.ts'

const deepLabV3PlusArguments = z.object({
  encoder_depth: encoderDepth,
  encoder_output_stride: outputStride([16, 8]),
  ...atrousArguments({ isSeparable: true }),
  deep_supervision: encoderSupervisionWeight,
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
    const { decoder_channels: channels, encoder_depth: depth, encoder_output_stride: stride } = options
    const deepest = atrousPyramid(builder, features.at(-1)!, 'decoder.aspp.0', options)
    const pooled = normReLU(builder, separableConv2d(builder, deepest, 'decoder.aspp.1', channels), 'decoder.aspp.2')
    const enlarged = upsample(pooled, stride === 16 && depth > 3 ? 4 : 2)
    const detail = conv2dReLU(builder, features[2], 'decoder.block1', { outputs: highResolutionChannels, kernel: 1 })
    const joined = separableConv2d(builder, concatChannels([enlarged, detail]), 'decoder.block2.0', channels)
    const head = { classes, kernel: 1, upsampling: 4 }
    const logits = segmentationHead(builder, normReLU(builder, joined, 'decoder.block2.1'), head)
    encoderSupervision(builder, features, options.deep_supervision, classes)
    return logits
  },
}
