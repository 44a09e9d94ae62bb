import * as z from 'zod'
import { concatChannels } from '../../graph/channels.ts'
import { resize2d } from '../../graph/resize.ts'
import { pixelMap, pixelRows } from '../../graph/pixels.ts'
import { featureMap } from '../../graph/tensor.ts'
import { xavierUniform } from '../initializers.ts'
import { linear } from '../tokens.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { channelCount, encoderDepth } from './arguments.ts'
import { conv2dReLU } from './convolutions.ts'
import { segmentationHead } from './segmentationHead.ts'

const segformerArguments = z.object({
  encoder_depth: encoderDepth.unwrap().min(4).default(5).describe(encoderDepth.description!),
  decoder_segmentation_channels: channelCount
    .default(256)
    .describe('Channels that every scale is brought to, and in which they meet.'),
})

/** Pixels of the image per pixel of the map in which the scales meet. */
const stride = 4

/** SegFormer (Xie et al. 2021) as in segmentation_models_pytorch 0.6.0. */
export const segformer: ArchitectureDefinition = {
  name: 'Segformer',
  summary:
    'SegFormer: every scale of the encoder through one linear layer, enlarged to a quarter, joined; made for mit_….',
  arguments: segformerArguments,
  needsDivisibleSize: true,
  scales: 4,
  build: (builder, [image, ...features], config, classes) => {
    const { decoder_segmentation_channels: outputs } = segformerArguments.parse(config)
    const [, , H, W] = featureMap(image)
    const quarter = { height: Math.floor(H / stride), width: Math.floor(W / stride) }
    const scales = features.filter((feature) => featureMap(feature)[1] > 0).toReversed()
    const levels = scales.map((feature, index) => {
      const [N, , height, width] = featureMap(feature)
      const settings = { outputs, initial: xavierUniform }
      const rows = linear(builder, pixelRows(feature), `decoder.mlp_stage.${index}.linear`, settings)
      const map = pixelMap(rows, [N, outputs, height, width])
      return resize2d(map, { ...quarter, mode: 'bilinear', alignCorners: false })
    })
    const fused = conv2dReLU(builder, concatChannels(levels), 'decoder.fuse_stage', { outputs, kernel: 1 })
    return segmentationHead(builder, fused, { classes, kernel: 1, upsampling: stride })
  },
}
