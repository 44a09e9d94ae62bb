import * as z from 'zod'
import { concatChannels } from '../../graph/channels.ts'
import { globalAveragePool, spread } from '../../graph/pooling.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { channelCount, dropoutRate } from './arguments.ts'
import { conv2dReLU, normReLU, separableConv2d } from './convolutions.ts'

const atrousRate = z.int().min(1).max(256)

/** What DeepLabV3 and DeepLabV3+ have in common but for one default. */
export function atrousArguments({ isSeparable }: { readonly isSeparable: boolean }) {
  return {
    decoder_channels: channelCount.default(256).describe('Channels of the decoder.'),
    decoder_atrous_rates: z
      .tuple([atrousRate, atrousRate, atrousRate])
      .default([12, 24, 36])
      .describe('Dilations of the three atrous convolutions, in pixels of the deepest features.'),
    decoder_aspp_separable: z
      .boolean()
      .default(isSeparable)
      .describe('Whether the atrous convolutions are depthwise ones followed by 1×1.'),
    decoder_aspp_dropout: dropoutRate
      .default(0.5)
      .describe('Probability with which an element after the pyramid is dropped in training.'),
  }
}

interface AtrousPyramid {
  readonly decoder_channels: number
  readonly decoder_atrous_rates: readonly number[]
  readonly decoder_aspp_separable: boolean
  readonly decoder_aspp_dropout: number
}

/**
 * Atrous spatial pyramid pooling (Chen et al. 2017): 1×1, a 3×3 for each dilation rate and the mean of the whole map side by
 * side, then 1×1. Keys of SMP's `ASPP`.
 */
export function atrousPyramid(builder: NetworkBuilder, x: Tensor, key: string, settings: AtrousPyramid): Tensor {
  const { decoder_channels: outputs, decoder_atrous_rates: rates, decoder_aspp_separable: isSeparable } = settings
  const pointwise = { outputs, kernel: 1 }
  const dilated = rates.map((dilation, index) => ({ dilation, key: `${key}.convs.${index + 1}` }))
  const branches = [
    conv2dReLU(builder, x, `${key}.convs.0`, pointwise),
    ...dilated.map((branch) => {
      const { dilation, key: branchKey } = branch
      if (isSeparable)
        return normReLU(builder, separableConv2d(builder, x, `${branchKey}.0`, outputs, dilation), `${branchKey}.1`)
      const pads = [dilation, dilation, dilation, dilation] as const
      return conv2dReLU(builder, x, branchKey, { outputs, kernel: 3, pads, dilation })
    }),
    pooledBranch(builder, x, `${key}.convs.${rates.length + 1}`, outputs),
  ]
  const projected = conv2dReLU(builder, concatChannels(branches), `${key}.project`, pointwise)
  return builder.dropout(projected, `${key}.project.3`, settings.decoder_aspp_dropout)
}

/** The pooling is `KEY.0`. Enlarging one pixel by bilinear interpolation repeats it. */
function pooledBranch(builder: NetworkBuilder, x: Tensor, key: string, outputs: number): Tensor {
  const [, , H, W] = featureMap(x)
  const y = builder.conv(globalAveragePool(x), `${key}.1`, { outputs, kernel: 1, initial: kaimingUniform })
  return spread(normReLU(builder, y, `${key}.2`), H, W)
}
