import { activation } from '../../graph/elementwise.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { kaimingUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { torchBatchNorm, type ConvolutionSettings } from '../networkParts.ts'

type Settings = Omit<ConvolutionSettings, 'initial'> & { readonly outputs: number }

/** Convolution, BatchNorm, ReLU under `KEY.0` and `KEY.1`: SMP's `Conv2dReLU`. */
export function conv2dReLU(builder: NetworkBuilder, x: Tensor, key: string, settings: Settings): Tensor {
  const y = builder.conv(x, `${key}.0`, { ...settings, initial: kaimingUniform })
  return normReLU(builder, y, `${key}.1`)
}

export function normReLU(builder: NetworkBuilder, x: Tensor, key: string): Tensor {
  return activation('relu', builder.batchNorm(x, key, torchBatchNorm))
}

/** 3×3 on each channel, then 1×1 across them, under `KEY.0` and `KEY.1`: SMP's `SeparableConv2d` without bias. */
export function separableConv2d(
  builder: NetworkBuilder,
  x: Tensor,
  key: string,
  outputs: number,
  dilation = 1,
): Tensor {
  const pads = [dilation, dilation, dilation, dilation] as const
  const perChannel = builder.depthwise(x, `${key}.0`, { kernel: 3, pads, dilation, initial: kaimingUniform })
  return builder.conv(perChannel, `${key}.1`, { outputs, kernel: 1, initial: kaimingUniform })
}
