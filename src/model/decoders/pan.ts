import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import { affineChannels } from '../../graph/channels.ts'
import { activation, add, multiply } from '../../graph/elementwise.ts'
import { globalAveragePool, maxPool2d, spread } from '../../graph/pooling.ts'
import { resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { torchBatchNorm } from '../networkParts.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { channelCount, encoderDepth, outputStride } from './arguments.ts'
import { segmentationHead } from './segmentationHead.ts'

const panArguments = z.object({
  encoder_depth: encoderDepth,
  encoder_output_stride: outputStride([16, 32]),
  decoder_channels: channelCount.default(32).describe('Channels of the decoder.'),
  decoder_interpolation: z
    .enum(['nearest', 'bilinear'])
    .default('bilinear')
    .describe('How a decoder block enlarges the map below (bilinear: align_corners=True).'),
})

/** Convolution with bias and BatchNorm, under `KEY.conv` and `KEY.bn`: SMP's `ConvBnRelu` without its activation. */
function convNorm(builder: NetworkBuilder, x: Tensor, key: string, outputs: number, kernel: number): Tensor {
  const y = builder.conv(x, `${key}.conv`, { outputs, kernel, bias: true, initial: kaimingUniform })
  return builder.batchNorm(y, `${key}.bn`, torchBatchNorm)
}

function convNormReLU(builder: NetworkBuilder, x: Tensor, key: string, outputs: number, kernel: number): Tensor {
  return activation('relu', convNorm(builder, x, key, outputs, kernel))
}

function resizeTo(x: Tensor, height: number, width: number, mode: 'nearest' | 'bilinear' = 'bilinear'): Tensor {
  return resize2d(x, { height, width, mode, alignCorners: mode === 'bilinear' })
}

/** Halvings inside the pyramid of attention. */
const halvings = 3

/** Feature pyramid attention: every pixel weighted by one map that three ever smaller ones make, plus the global mean. */
function pyramidAttention(builder: NetworkBuilder, x: Tensor, key: string, outputs: number): Tensor {
  const [, , H, W] = featureMap(x)
  if (Math.min(H, W) < 2 ** halvings) throw tooSmall(H, W)
  const halved = (map: Tensor): Tensor => maxPool2d(map, { kernel: 2, stride: 2, pad: 0 })
  const conv = (map: Tensor, name: string, channels: number, kernel: number): Tensor =>
    convNormReLU(builder, map, `${key}.${name}`, channels, kernel)

  const mean = spread(conv(globalAveragePool(x), 'branch1.1', outputs, 1), H, W)
  const middle = conv(x, 'mid.0', outputs, 1)
  const half = conv(halved(x), 'down1.1', 1, 7)
  const quarter = conv(halved(half), 'down2.1', 1, 5)
  const eighth = conv(conv(halved(quarter), 'down3.1', 1, 3), 'down3.2', 1, 3)
  const [quarterHeight, quarterWidth] = [Math.floor(H / 4), Math.floor(W / 4)]
  const [halfHeight, halfWidth] = [Math.floor(H / 2), Math.floor(W / 2)]
  const upToQuarter = add(conv(quarter, 'conv2', 1, 5), resizeTo(eighth, quarterHeight, quarterWidth))
  const upToHalf = add(resizeTo(upToQuarter, halfHeight, halfWidth), conv(half, 'conv1', 1, 7))
  return add(multiply(resizeTo(upToHalf, H, W), middle), mean)
}

/** Global attention upsample: the encoder's feature gated by the mean of the map below, plus that map enlarged. */
function attentionUpsample(
  builder: NetworkBuilder,
  skip: Tensor,
  below: Tensor,
  key: string,
  mode: 'nearest' | 'bilinear',
): Tensor {
  const [, outputs] = featureMap(below)
  const [, , height, width] = featureMap(skip)
  const gate = activation('sigmoid', convNorm(builder, globalAveragePool(below), `${key}.conv1.1`, outputs, 1))
  const detail = convNormReLU(builder, skip, `${key}.conv2`, outputs, 3)
  return add(resizeTo(below, height, width, mode), affineChannels(detail, gate))
}

function tooSmall(height: number, width: number): UserError {
  return new UserError('The image is too small for PAN, which halves its deepest features three times.', {
    value: `deepest features of ${height} × ${width} pixels`,
    allowed: '8 × 8 or more: images of 128 × 128 with "encoder_output_stride": 16',
    hint: 'Take a larger data.image_size.',
    code: 'image-too-small',
  })
}

/** Pyramid attention network (Li et al. 2018) as in segmentation_models_pytorch 0.6.0. */
export const pan: ArchitectureDefinition = {
  name: 'PAN',
  summary: 'PAN: a pyramid of attention over a dilated encoder, then gated skips; images of 128 pixels or more.',
  arguments: panArguments,
  needsDivisibleSize: true,
  outputStride: (config) => panArguments.parse(config).encoder_output_stride,
  build: (builder, features, config, classes) => {
    const { decoder_channels: channels, decoder_interpolation: mode, encoder_depth } = panArguments.parse(config)
    let x = pyramidAttention(builder, features.at(-1)!, 'decoder.fpa', channels)
    for (let level = encoder_depth - 2; level >= 1; level--)
      x = attentionUpsample(builder, features[level + 1], x, `decoder.gau${level}`, mode)
    return segmentationHead(builder, x, { classes, kernel: 3, upsampling: 4 })
  },
}
