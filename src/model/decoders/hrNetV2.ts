import * as z from 'zod'
import { concatChannels } from '../../graph/channels.ts'
import { activation } from '../../graph/elementwise.ts'
import { resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { torchDefault } from '../initializers.ts'
import { torchBatchNorm } from '../networkParts.ts'
import type { ArchitectureDefinition } from './architecture.ts'

const hrNetV2Arguments = z.object({
  encoder_depth: z.literal(5).default(5).describe('All stages of the encoder: the head joins four resolutions.'),
})

function resizeTo(x: Tensor, target: Tensor): Tensor {
  const [, , height, width] = featureMap(target)
  return resize2d(x, { height, width, mode: 'bilinear', alignCorners: false })
}

/** The head of HRNetV2 (Wang et al. 2020, figure 4b), keys `head.0` … `head.3`; starts as plain torch layers do. */
export const hrNetV2: ArchitectureDefinition = {
  name: 'HRNetV2',
  summary: 'HRNetV2: the features from 1/4 to 1/32, enlarged to 1/4 and joined, for an encoder hrnet_….',
  arguments: hrNetV2Arguments,
  needsDivisibleSize: true,
  build: (builder, [image, , ...features], _, classes) => {
    const joined = concatChannels(features.map((feature) => resizeTo(feature, features[0])))
    const pointwise = { kernel: 1, bias: true, initial: torchDefault }
    const x = builder.conv(joined, 'head.0', { ...pointwise, outputs: featureMap(joined)[1] })
    const hidden = activation('relu', builder.batchNorm(x, 'head.1', torchBatchNorm))
    return resizeTo(builder.conv(hidden, 'head.3', { ...pointwise, outputs: classes }), image)
  },
}
