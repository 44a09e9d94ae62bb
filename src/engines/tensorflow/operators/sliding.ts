import type { ConvolutionAttributes } from '../../../graph/operations.ts'
import type { Shape } from '../../../graph/tensor.ts'
import { mapExtents, type TensorFlow, type Value } from '../operator.ts'
import { cropped, placed, sampled, spaced, type Extents } from './spacing.ts'

/**
 * A convolution without pads and dilation, and its gradients: what every backend has kernels for. Maps are [N, H, W, C],
 * filters [kh, kw, I, O], depthwise ones [kh, kw, C, 1].
 */
export interface Kernels {
  forward(tf: TensorFlow, x: Value, filter: Value, stride: number): Value
  inputGradient(tf: TensorFlow, dy: Value, filter: Value, inputShape: readonly number[], stride: number): Value
  weightGradient(tf: TensorFlow, x: Value, dy: Value, filterShape: readonly number[], stride: number): Value
}

// How any convolution comes down to those kernels. Pads are made, for the backends do not all take them. With a dilation d
// the padded map is cut into d × d maps of every d-th pixel, over each of which the convolution is an ordinary one of
// stride 1; a stride only chooses from the results.

/** → [N, height, width, O] */
export function convolve(
  tf: TensorFlow,
  kernels: Kernels,
  x: Value,
  filter: Value,
  attributes: ConvolutionAttributes,
  size: Extents,
): Value {
  const { stride, dilation } = attributes
  const y = kernels.forward(tf, padded(tf, x, attributes), filter, kernelStride(attributes))
  return dilation === 1 ? y : sampled(tf, join(tf, y, dilation), [0, 0], size, stride)
}

/** @param inputShape of x, logical */
export function inputGradient(
  tf: TensorFlow,
  kernels: Kernels,
  dy: Value,
  filter: Value,
  attributes: ConvolutionAttributes & { readonly inputShape: Shape },
): Value {
  const [N, C, H, W] = attributes.inputShape as readonly [number, number, number, number]
  const { pads, dilation } = attributes
  const whole = paddedExtents([H, W], attributes)
  const slopes = resultGradient(tf, dy, whole, filter.shape, attributes)
  const shape = [N * dilation * dilation, whole[0] / dilation, whole[1] / dilation, C]
  const dx = kernels.inputGradient(tf, slopes, filter, shape, kernelStride(attributes))
  return cropped(tf, join(tf, dx, dilation), [pads[0], pads[1]], [H, W])
}

export function weightGradient(
  tf: TensorFlow,
  kernels: Kernels,
  x: Value,
  dy: Value,
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
): Value {
  const [, H, W] = mapExtents(x)
  const slopes = resultGradient(tf, dy, paddedExtents([H, W], attributes), filterShape, attributes)
  return kernels.weightGradient(tf, padded(tf, x, attributes), slopes, filterShape, kernelStride(attributes))
}

function kernelStride({ stride, dilation }: ConvolutionAttributes): number {
  return dilation === 1 ? stride : 1
}

/** With the pads, and as much after them as makes the extents divisible by the dilation. */
function paddedExtents([H, W]: Extents, { pads, dilation }: ConvolutionAttributes): Extents {
  const whole = (extent: number): number => Math.ceil(extent / dilation) * dilation
  return [whole(H + pads[0] + pads[2]), whole(W + pads[1] + pads[3])]
}

function padded(tf: TensorFlow, x: Value, attributes: ConvolutionAttributes): Value {
  const [, H, W] = mapExtents(x)
  const { pads, dilation } = attributes
  return cut(tf, placed(tf, x, [pads[0], pads[1]], paddedExtents([H, W], attributes)), dilation)
}

/** From the gradient of the convolution's result to that of the kernels' result. */
function resultGradient(
  tf: TensorFlow,
  dy: Value,
  whole: Extents,
  filterShape: readonly number[],
  { stride, dilation }: ConvolutionAttributes,
): Value {
  if (dilation === 1) return dy
  const extent = (axis: 0 | 1): number => whole[axis] - dilation * (filterShape[axis] - 1)
  return cut(tf, placed(tf, spaced(tf, dy, stride), [0, 0], [extent(0), extent(1)]), dilation)
}

function cut(tf: TensorFlow, x: Value, dilation: number): Value {
  return dilation === 1
    ? x
    : tf.spaceToBatchND(
        x,
        [dilation, dilation],
        [
          [0, 0],
          [0, 0],
        ],
      )
}

function join(tf: TensorFlow, x: Value, dilation: number): Value {
  return dilation === 1
    ? x
    : tf.batchToSpaceND(
        x,
        [dilation, dilation],
        [
          [0, 0],
          [0, 0],
        ],
      )
}
