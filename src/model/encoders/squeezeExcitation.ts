import { affineChannels } from '../../graph/channels.ts'
import { activation } from '../../graph/elementwise.ts'
import type { ActivationKind } from '../../graph/operations.ts'
import { globalAveragePool } from '../../graph/pooling.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import type { ConvolutionInitializer } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'

interface SqueezeExcitation {
  readonly reduceKey: string
  readonly expandKey: string
  readonly squeezed: number
  readonly activation: ActivationKind
  readonly initial: ConvolutionInitializer
}

/** A gate in 0 … 1 for every image and channel that depends on all channels' means (Hu et al. 2018): [N, C, 1, 1]. */
export function squeezeGate(builder: NetworkBuilder, x: Tensor, options: SqueezeExcitation): Tensor {
  const { reduceKey, expandKey, squeezed, initial } = options
  const settings = { kernel: 1, bias: true, initial }
  const reduced = builder.conv(globalAveragePool(x), reduceKey, { ...settings, outputs: squeezed })
  const channels = featureMap(x)[1]
  const expanded = builder.conv(activation(options.activation, reduced), expandKey, { ...settings, outputs: channels })
  return activation('sigmoid', expanded)
}

/** Every channel times its gate. */
export function squeezeExcite(builder: NetworkBuilder, x: Tensor, options: SqueezeExcitation): Tensor {
  return affineChannels(x, squeezeGate(builder, x, options))
}
