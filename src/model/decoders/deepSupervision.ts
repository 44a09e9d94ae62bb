import * as z from 'zod'
import { resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { xavierUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { conv2dReLU } from './convolutions.ts'

/** @param heads what they look at, in the order of the weights */
export function supervisionWeights(heads: string) {
  return z
    .array(z.number().positive())
    .nullable()
    .default(null)
    .describe(
      `Weights of the losses of auxiliary heads in training, beside the 1 of the last: ${heads}. null: none. Validation and prediction use the last head alone.`,
    )
}

/** The one weight of `encoderSupervision`. */
export const encoderSupervisionWeight = supervisionWeights(
  'one on the features of the encoder before its deepest, e.g. [0.4] as for PSPNet',
).refine((weights) => weights?.length === 1 || weights === null, {
  message: 'takes one weight.',
  params: { allowed: 'null, or a list of one number, e.g. [0.4]' },
})

interface Head {
  readonly name: string
  readonly weight: number
}

/** A 1×1 convolution on a map of the decoder, enlarged to the image (U-Net++, Zhou et al. 2018). */
export function mapSupervision(builder: NetworkBuilder, x: Tensor, image: Tensor, classes: number, head: Head): void {
  builder.addAuxiliary(head.name, head.weight, (key) => {
    const settings = { outputs: classes, kernel: 1, bias: true, initial: xavierUniform }
    return enlarged(builder.conv(x, key, settings), image)
  })
}

/**
 * The auxiliary head of PSPNet (Zhao et al. 2017) on the encoder's features before the deepest, as mmsegmentation has it for
 * DeepLabV3 and UPerNet too: 3×3 convolution to a quarter of the channels, BatchNorm, ReLU, dropout, 1×1 convolution.
 */
export function encoderSupervision(
  builder: NetworkBuilder,
  features: readonly Tensor[],
  weights: readonly number[] | null,
  classes: number,
): void {
  if (weights === null) return
  builder.addAuxiliary('encoder', weights[0], (key) => {
    const x = features.at(-2)!
    const outputs = Math.max(1, Math.floor(featureMap(x)[1] / 4))
    const convolved = builder.dropout(conv2dReLU(builder, x, `${key}.0`, { outputs, kernel: 3 }), `${key}.1`, 0.1)
    const settings = { outputs: classes, kernel: 1, bias: true, initial: xavierUniform }
    return enlarged(builder.conv(convolved, `${key}.2`, settings), features[0])
  })
}

function enlarged(x: Tensor, image: Tensor): Tensor {
  const [, , height, width] = featureMap(image)
  return resize2d(x, { height, width, mode: 'bilinear', alignCorners: true })
}
