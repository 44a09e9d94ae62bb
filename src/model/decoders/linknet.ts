import * as z from 'zod'
import { add } from '../../graph/elementwise.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { torchDefault } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { encoderDepth } from './arguments.ts'
import { conv2dReLU, normReLU } from './convolutions.ts'
import { segmentationHead } from './segmentationHead.ts'

const linknetArguments = z.object({ encoder_depth: encoderDepth })

/** Channels before the head. */
const lastChannels = 32

/** A quarter of the channels, twice the size, then as many channels as the next feature has. */
function decoderBlock(builder: NetworkBuilder, x: Tensor, key: string, outputs: number): Tensor {
  const narrow = Math.floor(featureMap(x)[1] / 4)
  const reduced = conv2dReLU(builder, x, `${key}.block.0`, { outputs: narrow, kernel: 1 })
  const doubled = builder.doublingConv(reduced, `${key}.block.1.0`, torchDefault)
  return conv2dReLU(builder, normReLU(builder, doubled, `${key}.block.1.1`), `${key}.block.2`, { outputs, kernel: 1 })
}

/** LinkNet (Chaurasia & Culurciello 2017) as in segmentation_models_pytorch 0.6.0. */
export const linknet: ArchitectureDefinition = {
  name: 'Linknet',
  summary: 'LinkNet: narrow decoder blocks with transposed convolutions, to which the encoder’s features are added.',
  arguments: linknetArguments,
  needsDivisibleSize: true,
  needsHalf: () => true,
  build: (builder, [, ...features], _, classes) => {
    let x = features.at(-1)!
    features.forEach((_feature, index) => {
      const skip = features.at(-2 - index)
      const block = decoderBlock(builder, x, `decoder.blocks.${index}`, skip ? featureMap(skip)[1] : lastChannels)
      x = skip ? add(block, skip) : block
    })
    return segmentationHead(builder, x, { classes, kernel: 1, upsampling: 1 })
  },
}
