import type { NamedAttrMap, NamedTensorMap, Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorFlow, Value } from '../operator.ts'
import type { Kernels } from './sliding.ts'

/** Gradients of convolutions have no function of their own, only kernels. */
function run(tf: TensorFlow, kernel: string, inputs: NamedTensorMap, attributes: NamedAttrMap): Value {
  return tf.engine().runKernel(kernel, inputs, attributes)
}

const dense = { pad: 'valid', dataFormat: 'NHWC' } as const

export const denseKernels: Kernels = {
  forward: (tf, x, filter, stride) => tf.conv2d(x as Tensor4D, filter as Tensor4D, stride, 'valid'),
  inputGradient: (tf, dy, filter, inputShape, stride) =>
    run(
      tf,
      tf.Conv2DBackpropInput,
      { dy, filter },
      { ...dense, strides: [stride, stride], inputShape: [...inputShape] },
    ),
  weightGradient: (tf, x, dy, filterShape, stride) =>
    run(tf, tf.Conv2DBackpropFilter, { x, dy }, { ...dense, strides: [stride, stride], filterShape: [...filterShape] }),
}

const depthwise = { pad: 'valid', dilations: [1, 1] }

export const depthwiseKernels: Kernels = {
  forward: (tf, x, filter, stride) => tf.depthwiseConv2d(x as Tensor4D, filter as Tensor4D, stride, 'valid'),
  inputGradient: (tf, dy, filter, inputShape, stride) =>
    run(
      tf,
      tf.DepthwiseConv2dNativeBackpropInput,
      { dy, filter },
      { ...depthwise, strides: [stride, stride], inputShape: [...inputShape] },
    ),
  weightGradient: (tf, x, dy, filterShape, stride) =>
    run(
      tf,
      tf.DepthwiseConv2dNativeBackpropFilter,
      { x, dy },
      { ...depthwise, strides: [stride, stride], filterShape: [...filterShape] },
    ),
}
