import * as z from 'zod'
import { concatChannels } from '../../graph/channels.ts'
import { activation, add } from '../../graph/elementwise.ts'
import { resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { groupNorm } from '../normalizations.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { blockInterpolation, channelCount, dropoutRate, encoderDepth } from './arguments.ts'
import { segmentationHead, upsample } from './segmentationHead.ts'

const groups = 32

const fpnArguments = z.object({
  encoder_depth: encoderDepth,
  decoder_pyramid_channels: channelCount.default(256).describe('Channels of every level of the pyramid.'),
  decoder_segmentation_channels: channelCount
    .multipleOf(groups)
    .default(128)
    .describe(`Channels in which the levels meet; a multiple of ${groups}, the groups of their normalisation.`),
  decoder_merge_policy: z
    .enum(['add', 'cat'])
    .default('add')
    .describe('Whether the levels are added or joined side by side.'),
  decoder_dropout: dropoutRate
    .default(0.2)
    .describe('Probability with which a whole channel is dropped before the head in training.'),
  decoder_interpolation: blockInterpolation.describe(
    'How a level enlarges the one below (bilinear: align_corners=False).',
  ),
})

const levels = ['p5', 'p4', 'p3', 'p2']

/** The level below enlarged, plus the encoder's feature in the pyramid's channels. */
function lateral(
  builder: NetworkBuilder,
  below: Tensor,
  skip: Tensor,
  key: string,
  mode: 'nearest' | 'bilinear',
): Tensor {
  const [, outputs] = featureMap(below)
  const [, , height, width] = featureMap(skip)
  const settings = { outputs, kernel: 1, bias: true, initial: kaimingUniform }
  return add(
    resize2d(below, { height, width, mode, alignCorners: false }),
    builder.conv(skip, `${key}.skip_conv`, settings),
  )
}

/** A level brought to the highest one's size: a convolution for each doubling, at least one. */
function segmentationBlock(
  builder: NetworkBuilder,
  level: Tensor,
  key: string,
  outputs: number,
  doublings: number,
): Tensor {
  let x = level
  for (let index = 0; index < Math.max(doublings, 1); index++) {
    const base = `${key}.block.${index}.block`
    x = builder.conv(x, `${base}.0`, { outputs, kernel: 3, initial: kaimingUniform })
    x = activation('relu', groupNorm(builder, x, `${base}.1`, groups))
    if (doublings > 0) x = upsample(x, 2)
  }
  return x
}

/** Feature pyramid network (Kirillov et al. 2019) as in segmentation_models_pytorch 0.6.0. */
export const fpn: ArchitectureDefinition = {
  name: 'FPN',
  summary: 'Feature pyramid network: four levels from the deepest up, each brought to one size, then added.',
  arguments: fpnArguments,
  needsDivisibleSize: true,
  needsHalf: ({ encoder_depth }) => encoder_depth === levels.length,
  build: (builder, features, config, classes) => {
    const options = fpnArguments.parse(config)
    const settings = { outputs: options.decoder_pyramid_channels, kernel: 1, bias: true, initial: kaimingUniform }
    const pyramid = [builder.conv(features.at(-1)!, 'decoder.p5', settings)]
    for (const [index, level] of levels.slice(1).entries()) {
      const skip = features.at(-2 - index)!
      pyramid.push(lateral(builder, pyramid[index], skip, `decoder.${level}`, options.decoder_interpolation))
    }
    const branches = pyramid.map((level, index) => {
      const key = `decoder.seg_blocks.${index}`
      return segmentationBlock(builder, level, key, options.decoder_segmentation_channels, levels.length - 1 - index)
    })
    const merged = options.decoder_merge_policy === 'add' ? branches.reduce(add) : concatChannels(branches)
    const x = builder.channelDropout(merged, 'decoder.dropout', options.decoder_dropout)
    return segmentationHead(builder, x, { classes, kernel: 1, upsampling: 2 ** (options.encoder_depth - 3) })
  },
}
