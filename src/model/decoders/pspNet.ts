import * as z from 'zod'
import { concatChannels } from '../../graph/channels.ts'
import { activation } from '../../graph/elementwise.ts'
import { adaptiveAveragePool, resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { channelCount, dropoutRate, encoderDepth } from './arguments.ts'
import { conv2dReLU } from './convolutions.ts'
import { encoderSupervision, encoderSupervisionWeight } from './deepSupervision.ts'
import { segmentationHead } from './segmentationHead.ts'

const pspNetArguments = z.object({
  encoder_depth: encoderDepth.unwrap().default(3).describe(encoderDepth.description!),
  psp_out_channels: channelCount.default(512).describe('Channels after the pyramid.'),
  psp_dropout: dropoutRate
    .default(0.2)
    .describe('Probability with which a whole channel is dropped before the head in training.'),
  deep_supervision: encoderSupervisionWeight,
})

/** Pixels along each side of the pooled maps. */
export const poolSizes = [1, 2, 3, 6]

/** Means over a grid of cells, in a quarter of the channels, enlarged again. One cell is not normalised: it has a bias. */
function poolingBranch(builder: NetworkBuilder, x: Tensor, key: string, cells: number): Tensor {
  const [, C, height, width] = featureMap(x)
  const settings = { outputs: Math.floor(C / poolSizes.length), kernel: 1 }
  const pooled = adaptiveAveragePool(x, cells)
  const y =
    cells === 1
      ? activation('relu', builder.conv(pooled, `${key}.0`, { ...settings, bias: true, initial: kaimingUniform }))
      : conv2dReLU(builder, pooled, key, settings)
  return resize2d(y, { height, width, mode: 'bilinear', alignCorners: true })
}

/** Pyramid scene parsing network (Zhao et al. 2017) as in segmentation_models_pytorch 0.6.0. */
export const pspNet: ArchitectureDefinition = {
  name: 'PSPNet',
  summary:
    'PSPNet: means over grids of four sizes join the features of a shallow encoder; the fastest of the decoders.',
  arguments: pspNetArguments,
  needsDivisibleSize: true,
  build: (builder, features, config, classes) => {
    const options = pspNetArguments.parse(config)
    const { encoder_depth, psp_out_channels: outputs, psp_dropout } = options
    const x = features.at(-1)!
    const branches = poolSizes.map((cells, index) =>
      poolingBranch(builder, x, `decoder.psp.blocks.${index}.pool.1`, cells),
    )
    const joined = conv2dReLU(builder, concatChannels([...branches, x]), 'decoder.conv', { outputs, kernel: 1 })
    const kept = builder.channelDropout(joined, 'decoder.dropout', psp_dropout)
    const logits = segmentationHead(builder, kept, { classes, kernel: 3, upsampling: 2 ** encoder_depth })
    encoderSupervision(builder, features, options.deep_supervision, classes)
    return logits
  },
}
