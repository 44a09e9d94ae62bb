import type { Operators } from '../operator.ts'
import { mapExtents } from '../operator.ts'
import { denseFilter, denseWeight, finished } from './filters.ts'
import { denseKernels } from './kernels.ts'
import { doubled, sumWindows2x } from './resize.ts'
import { convolve, inputGradient, weightGradient } from './sliding.ts'

const sliding = { stride: 1, pads: [1, 1, 1, 1], dilation: 1 } as const

/** Convolution over a doubled map, and its gradients, by making the doubled map. */
export const upsampleConvolutionOperators: Operators<
  'upsampleConv2d' | 'upsampleConv2dInputGradient' | 'upsampleConv2dWeightGradient'
> = {
  upsampleConv2d: (tf, [x, weight, bias], { attributes: { activation } }) => {
    const fine = doubled(tf, x)
    const [, H, W] = mapExtents(fine)
    const map = convolve(tf, denseKernels, fine, denseFilter(tf, weight), sliding, [H, W])
    return finished(tf, map, bias, undefined, activation)
  },
  upsampleConv2dInputGradient: (tf, [dy, weight, sum], { inputs }) => {
    const [{ shape: fine }, { shape: filter }] = inputs
    const inputShape = [fine[0], filter[1], fine[2], fine[3]]
    const slopes = inputGradient(tf, denseKernels, dy, denseFilter(tf, weight), { ...sliding, inputShape })
    const dx = sumWindows2x(tf, slopes)
    return sum ? tf.add(dx, sum) : dx
  },
  upsampleConv2dWeightGradient: (tf, [x, dy], { outputs: [dw] }) => {
    const [O, I] = dw.shape
    return denseWeight(tf, weightGradient(tf, denseKernels, doubled(tf, x), dy, [3, 3, I, O], sliding))
  },
}
