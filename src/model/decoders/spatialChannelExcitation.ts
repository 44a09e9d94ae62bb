import { affineChannels } from '../../graph/channels.ts'
import { activation, add, multiply } from '../../graph/elementwise.ts'
import { globalAveragePool } from '../../graph/pooling.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'

/** Channels that become one in the squeeze; a map needs at least as many. */
export const squeezeReduction = 16

/** scSE (Roy et al. 2018): x gated by channel plus x gated by pixel; keys of SMP's `Attention("scse")`. */
export function spatialChannelExcite(builder: NetworkBuilder, x: Tensor, key: string): Tensor {
  const channels = featureMap(x)[1]
  const settings = { kernel: 1, bias: true, initial: kaimingUniform }
  const squeezed = Math.floor(channels / squeezeReduction)
  const reduced = builder.conv(globalAveragePool(x), `${key}.attention.cSE.1`, { ...settings, outputs: squeezed })
  const expanded = builder.conv(activation('relu', reduced), `${key}.attention.cSE.3`, {
    ...settings,
    outputs: channels,
  })
  const pixels = builder.conv(x, `${key}.attention.sSE.0`, { ...settings, outputs: 1 })
  return add(affineChannels(x, activation('sigmoid', expanded)), multiply(x, activation('sigmoid', pixels)))
}
