import type { Shape } from '../../../graph/tensor.ts'
import type { Operators, Value } from '../operator.ts'
import { denseFilter, denseWeight, depthwiseFilter, depthwiseWeight, finished } from './filters.ts'
import { denseKernels, depthwiseKernels } from './kernels.ts'
import { convolve, inputGradient, weightGradient } from './sliding.ts'
import type { Extents } from './spacing.ts'

export const convolutionOperators: Operators<
  | 'conv2d'
  | 'conv2dInputGradient'
  | 'conv2dWeightGradient'
  | 'depthwiseConv2d'
  | 'depthwiseConv2dInputGradient'
  | 'depthwiseConv2dWeightGradient'
> = {
  conv2d: (tf, [x, weight, bias, sum], { attributes, outputs: [y] }) => {
    const map = convolve(tf, denseKernels, x, denseFilter(tf, weight), attributes, sizeOf(y.shape))
    return finished(tf, map, bias, sum, attributes.activation)
  },
  conv2dInputGradient: (tf, [dy, weight, sum], { attributes }) => {
    const dx = inputGradient(tf, denseKernels, dy, denseFilter(tf, weight), attributes)
    return sum ? tf.add(dx, sum) : dx
  },
  conv2dWeightGradient: (tf, [x, dy], { attributes }) => {
    const [O, I, kernelHeight, kernelWidth] = attributes.weightShape as Filter
    const filterShape = [kernelHeight, kernelWidth, I, O]
    return denseWeight(tf, weightGradient(tf, denseKernels, x, dy, filterShape, attributes))
  },

  depthwiseConv2d: (tf, [x, weight, bias], { attributes, outputs: [y] }) => {
    const map = convolve(tf, depthwiseKernels, x, depthwiseFilter(tf, weight), attributes, sizeOf(y.shape))
    return finished(tf, map, bias, undefined, attributes.activation)
  },
  depthwiseConv2dInputGradient: (tf, [dy, weight, sum], { attributes }) => {
    const dx: Value = inputGradient(tf, depthwiseKernels, dy, depthwiseFilter(tf, weight), attributes)
    return sum ? tf.add(dx, sum) : dx
  },
  depthwiseConv2dWeightGradient: (tf, [x, dy], { attributes }) => {
    const [C, , kernelHeight, kernelWidth] = attributes.weightShape as Filter
    const filterShape = [kernelHeight, kernelWidth, C, 1]
    return depthwiseWeight(tf, weightGradient(tf, depthwiseKernels, x, dy, filterShape, attributes))
  },
}

type Filter = readonly [outputs: number, inputs: number, kernelHeight: number, kernelWidth: number]

function sizeOf(shape: Shape): Extents {
  return [shape[2], shape[3]]
}
