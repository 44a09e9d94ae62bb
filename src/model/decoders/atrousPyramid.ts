import { concatChannels } from '../../graph/channels.ts'
import { globalAveragePool, spread } from '../../graph/pooling.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { conv2dReLU, normReLU, separableConv2d } from './convolutions.ts'

interface AtrousPyramid {
  readonly channels: number
  readonly rates: readonly number[]
  readonly isSeparable: boolean
  /** Share of elements that are dropped in training. */
  readonly dropout: number
}

/**
 * Atrous spatial pyramid pooling (Chen et al. 2017): 1×1, a 3×3 for each dilation rate and the mean of the whole map side by
 * side, then 1×1. Keys of SMP's `ASPP`.
 */
export function atrousPyramid(builder: NetworkBuilder, x: Tensor, key: string, settings: AtrousPyramid): Tensor {
  const { channels: outputs, rates, isSeparable, dropout } = settings
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
  return builder.dropout(projected, `${key}.project.3`, dropout)
}

/** The pooling is `KEY.0`. Enlarging one pixel by bilinear interpolation repeats it. */
function pooledBranch(builder: NetworkBuilder, x: Tensor, key: string, outputs: number): Tensor {
  const [, , H, W] = featureMap(x)
  const y = builder.conv(globalAveragePool(x), `${key}.1`, { outputs, kernel: 1, initial: kaimingUniform })
  return spread(normReLU(builder, y, `${key}.2`), H, W)
}
