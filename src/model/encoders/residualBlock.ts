import { activation, add } from '../../graph/elementwise.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingNormalFanOut } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { torchBatchNorm } from '../networkParts.ts'

export interface ResidualBlock {
  readonly block: 'basic' | 'bottleneck'
  readonly width: number
  readonly stride: number
  /** Of the 3×3 convolution of a bottleneck, and its channels per channel of `width` (Xie et al. 2017). */
  readonly groups?: number
  readonly widening?: number
}

/** Output channels per channel of `width`. */
export const expansions = { basic: 1, bottleneck: 4 } as const
const initial = kaimingNormalFanOut

interface Branch {
  readonly outputs: number
  readonly kernel: number
  readonly stride: number
  readonly groups?: number
}

/** The convolutions of the residual branch. torchvision strides the 3×3 of a bottleneck, not its first 1×1. */
function branchOf({ block, width, stride, groups = 1, widening = 1 }: ResidualBlock): readonly Branch[] {
  if (block === 'basic') {
    return [
      { outputs: width, kernel: 3, stride },
      { outputs: width, kernel: 3, stride: 1 },
    ]
  }
  return [
    { outputs: width * widening, kernel: 1, stride: 1 },
    { outputs: width * widening, kernel: 3, stride, groups },
    { outputs: width * expansions.bottleneck, kernel: 1, stride: 1 },
  ]
}

/** A block of ResNet (He et al. 2016); keys of torchvision and timm. */
export function residualBlock(builder: NetworkBuilder, input: Tensor, key: string, settings: ResidualBlock): Tensor {
  const branch = branchOf(settings)
  let x = input
  branch.forEach((convolution, index) => {
    x = builder.conv(x, `${key}.conv${index + 1}`, { ...convolution, initial })
    x = builder.batchNorm(x, `${key}.bn${index + 1}`, torchBatchNorm)
    if (index < branch.length - 1) x = activation('relu', x)
  })
  const outputs = featureMap(x)[1]
  const { stride } = settings
  let shortcut = input
  if (stride !== 1 || featureMap(input)[1] !== outputs) {
    shortcut = builder.conv(input, `${key}.downsample.0`, { outputs, kernel: 1, stride, initial })
    shortcut = builder.batchNorm(shortcut, `${key}.downsample.1`, torchBatchNorm)
  }
  return activation('relu', add(x, shortcut))
}
