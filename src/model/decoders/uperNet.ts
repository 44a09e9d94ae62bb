import * as z from 'zod'
import { concatChannels } from '../../graph/channels.ts'
import { add } from '../../graph/elementwise.ts'
import { adaptiveAveragePool, resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { layerNorm2d } from '../normalizations.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { channelCount, encoderDepth } from './arguments.ts'
import { conv2dReLU } from './convolutions.ts'
import { encoderSupervision, encoderSupervisionWeight } from './deepSupervision.ts'
import { poolSizes } from './pspNet.ts'
import { segmentationHead } from './segmentationHead.ts'

const uperNetArguments = z.object({
  encoder_depth: encoderDepth,
  decoder_channels: channelCount.default(256).describe('Channels of the decoder.'),
  deep_supervision: encoderSupervisionWeight,
})

const epsilon = 1e-6

function resizeTo(x: Tensor, target: Tensor): Tensor {
  const [, , height, width] = featureMap(target)
  return resize2d(x, { height, width, mode: 'bilinear', alignCorners: false })
}

/** Means over grids of four sizes beside the map itself. */
function poolingPyramid(builder: NetworkBuilder, x: Tensor, key: string, outputs: number): Tensor {
  const pooled = poolSizes.map((cells, index) => {
    const settings = { outputs, kernel: 1 }
    return resizeTo(conv2dReLU(builder, adaptiveAveragePool(x, cells), `${key}.blocks.${index}.1`, settings), x)
  })
  return conv2dReLU(builder, concatChannels([x, ...pooled]), `${key}.out_conv`, { outputs, kernel: 3 })
}

/** UPerNet (Xiao et al. 2018) as in segmentation_models_pytorch 0.6.0. */
export const uperNet: ArchitectureDefinition = {
  name: 'UPerNet',
  summary:
    'UPerNet: pyramid pooling of the deepest features on top of a feature pyramid, all levels joined at a quarter.',
  arguments: uperNetArguments,
  needsDivisibleSize: true,
  build: (builder, features, config, classes) => {
    const { decoder_channels: outputs, deep_supervision } = uperNetArguments.parse(config)
    const normalized = features
      .slice(2)
      .map((feature, index) => layerNorm2d(builder, feature, `decoder.feature_norms.${index}`, epsilon))
      .toReversed()
    const [deepest, ...others] = normalized
    const levels = [poolingPyramid(builder, deepest, 'decoder.psp', outputs)]
    others.forEach((feature, index) => {
      const key = `decoder.fpn_lateral_blocks.${index}.conv_norm_relu`
      const lateral = conv2dReLU(builder, feature, key, { outputs, kernel: 1 })
      levels.push(add(resizeTo(levels[index], lateral), lateral))
    })
    const refined = levels.map((level, index) =>
      index === 0 ? level : conv2dReLU(builder, level, `decoder.fpn_conv_blocks.${index - 1}`, { outputs, kernel: 3 }),
    )
    const joined = concatChannels(refined.toReversed().map((level) => resizeTo(level, refined.at(-1)!)))
    const fused = conv2dReLU(builder, joined, 'decoder.fusion_block', { outputs, kernel: 3 })
    const logits = segmentationHead(builder, fused, { classes, kernel: 1, upsampling: 4 })
    encoderSupervision(builder, features, deep_supervision, classes)
    return logits
  },
}
