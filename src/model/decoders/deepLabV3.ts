import * as z from 'zod'
import { kaimingUniform } from '../initializers.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { encoderDepth, outputStride } from './arguments.ts'
import { atrousArguments, atrousPyramid } from './atrousPyramid.ts'
import { normReLU } from './convolutions.ts'
import { encoderSupervision, encoderSupervisionWeight } from './deepSupervision.ts'
import { segmentationHead } from './segmentationHead.ts'

const deepLabV3Arguments = z.object({
  encoder_depth: encoderDepth,
  encoder_output_stride: outputStride([8, 16]),
  ...atrousArguments({ isSeparable: false }),
  deep_supervision: encoderSupervisionWeight,
})

/** DeepLabV3 (Chen et al. 2017) as in segmentation_models_pytorch 0.6.0. */
export const deepLabV3: ArchitectureDefinition = {
  name: 'DeepLabV3',
  summary: 'DeepLabV3: atrous spatial pyramid pooling over an encoder that is dilated to an eighth of the size.',
  arguments: deepLabV3Arguments,
  needsDivisibleSize: true,
  outputStride: (config) => deepLabV3Arguments.parse(config).encoder_output_stride,
  build: (builder, features, config, classes) => {
    const options = deepLabV3Arguments.parse(config)
    const { decoder_channels: outputs, encoder_depth: depth, encoder_output_stride: stride } = options
    const pooled = atrousPyramid(builder, features.at(-1)!, 'decoder.aspp', options)
    const convolved = builder.conv(pooled, 'decoder.conv', { outputs, kernel: 3, initial: kaimingUniform })
    const head = { classes, kernel: 1, upsampling: depth <= 3 ? 2 ** depth : stride }
    const logits = segmentationHead(builder, normReLU(builder, convolved, 'decoder.bn'), head)
    encoderSupervision(builder, features, options.deep_supervision, classes)
    return logits
  },
}
