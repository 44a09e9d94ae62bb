import type { ConvolutionAttributes, Pads } from '../../../graph/operations.ts'
import type { Shape } from '../../../graph/tensor.ts'
import type { Emitter } from '../emitter.ts'
import { matMulTransposedRight } from '../operators/matMul.ts'
import { convolve, reverseTaps } from './convolve.ts'
import { mapExtents, type Value } from './value.ts'

type Attributes = ConvolutionAttributes & { readonly weightShape: Shape }

/**
 * The gradient of dense weights: x [N, I, H, W], dy [N, O, H', W'] → [O, I, kh, kw]. A convolution of x with dy as its
 * kernel: strides and dilations change places.
 */
export function denseWeightGradient(emitter: Emitter, x: Value, dy: Value, attributes: Attributes): string {
  const { stride, pads, dilation, weightShape } = attributes
  const [O, I, kernelHeight, kernelWidth] = weightShape as readonly [number, number, number, number]
  if (kernelHeight * kernelWidth === 1 && pads.every((pad) => pad === 0))
    return pointwiseWeightGradient(emitter, x, dy, attributes)
  if (dilation > 1) return batchAsChannels(emitter, x, dy, attributes)
  const reach = [kernelHeight - 1, kernelWidth - 1, kernelHeight - 1, kernelWidth - 1]
  const canSwap = stride === 1 && pads.every((pad, side) => pad <= reach[side])
  return O < I && canSwap ? rowsOfGradient(emitter, x, dy, attributes) : rowsOfInput(emitter, x, dy, attributes)
}

/** The gradient of depthwise weights: x [N, C, H, W], dy [N, C, H', W'] → [C, 1, kh, kw]. One group per image and channel. */
export function depthwiseWeightGradient(emitter: Emitter, x: Value, dy: Value, attributes: Attributes): string {
  const [N, C, H, W] = mapExtents(x)
  const [, , height, width] = mapExtents(dy)
  const { stride, dilation, weightShape } = attributes
  const maps = { name: emitter.reshape(x.name, [1, N * C, H, W]), shape: [1, N * C, H, W] }
  const filter = { name: emitter.reshape(dy.name, [N * C, 1, height, width]), shape: [N * C, 1, height, width] }
  const pads = exactPads(x, dy, attributes)
  const each = convolve(emitter, maps, filter, { pads, stride: dilation, dilations: [stride, stride], group: N * C })
  const taps = weightShape[2] * weightShape[3]
  return emitter.reshape(emitter.reduceSum(emitter.reshape(each, [N, C, taps]), [0]), weightShape)
}

/** Pads with which the sliding of dy over x stops at exactly kh × kw positions; negative where a stride left pixels over. */
function exactPads(x: Value, dy: Value, { stride, pads, dilation, weightShape }: Attributes): Pads {
  const [bottom, right] = [0, 1].map((axis) => {
    const reach = stride * (dy.shape[2 + axis] - 1) + dilation * (weightShape[2 + axis] - 1) + 1
    return reach - x.shape[2 + axis] - pads[axis]
  })
  return [pads[0], pads[1], bottom, right]
}

/** 1×1: a product of matrices, with x subsampled where the convolution had a stride. */
function pointwiseWeightGradient(emitter: Emitter, x: Value, dy: Value, { stride, weightShape }: Attributes): string {
  const [N, O, height, width] = mapExtents(dy)
  const I = x.shape[1]
  const last = [stride * (height - 1) + 1, stride * (width - 1) + 1]
  const sampled = stride === 1 ? x.name : emitter.slice(x.name, [2, 3], [0, 0], last, [stride, stride])
  const [left, right] = [
    emitter.reshape(dy.name, [N, O, height * width]),
    emitter.reshape(sampled, [N, I, height * width]),
  ]
  return emitter.reshape(emitter.reduceSum(matMulTransposedRight(emitter, left, right, 3), [0]), weightShape)
}

/**
 * One convolution over rows of pixels with their channels side by side: x as [1, N, H, W·I], dy as kernel [O, N, H', W'].
 * One step of the kernel is one channel and its dilation one pixel, so that it comes out as [1, O, kh, kw·I].
 */
function rowsOfInput(emitter: Emitter, x: Value, dy: Value, attributes: Attributes): string {
  const [N, I, H, W] = mapExtents(x)
  const [, O, height, width] = mapExtents(dy)
  const { stride, weightShape } = attributes
  const rows = emitter.reshape(emitter.transpose(x.name, [0, 2, 3, 1]), [1, N, H, W * I])
  const filter = { name: emitter.transpose(dy.name, [1, 0, 2, 3]), shape: [O, N, height, width] }
  const [top, left, bottom, right] = exactPads(x, dy, attributes)
  const convolution = convolve(emitter, { name: rows, shape: [1, N, H, W * I] }, filter, {
    pads: [top, left * I, bottom, right * I],
    dilations: [stride, stride * I],
  })
  const taps = emitter.reshape(convolution, [O, weightShape[2], weightShape[3], I])
  return emitter.transpose(taps, [0, 3, 1, 2])
}

/** The same with the parts of x and dy exchanged, for the smaller kernel; the taps come out in reverse order. Stride 1. */
function rowsOfGradient(emitter: Emitter, x: Value, dy: Value, { pads, weightShape }: Attributes): string {
  const [N, I, H, W] = mapExtents(x)
  const [, O, height, width] = mapExtents(dy)
  const [kernelHeight, kernelWidth] = [weightShape[2], weightShape[3]]
  const rows = emitter.reshape(emitter.transpose(dy.name, [0, 2, 3, 1]), [1, N, height, width * O])
  const filter = { name: emitter.transpose(x.name, [1, 0, 2, 3]), shape: [I, N, H, W] }
  const [bottom, right] = [kernelHeight - 1 - pads[2], kernelWidth - 1 - pads[3]]
  const convolution = convolve(emitter, { name: rows, shape: [1, N, height, width * O] }, filter, {
    pads: [kernelHeight - 1 - pads[0], O * (kernelWidth - 1 - pads[1]), bottom, O * right],
    dilations: [1, O],
  })
  const taps = emitter.reshape(convolution, [I, kernelHeight, kernelWidth, O])
  return reverseTaps(emitter, { name: emitter.transpose(taps, [3, 0, 1, 2]), shape: weightShape })
}

/** Images as channels and channels as images: the form for dilated kernels, where rows would compute every tap between. */
function batchAsChannels(emitter: Emitter, x: Value, dy: Value, attributes: Attributes): string {
  const [N, I, H, W] = mapExtents(x)
  const [, O, height, width] = mapExtents(dy)
  const images = { name: emitter.transpose(x.name, [1, 0, 2, 3]), shape: [I, N, H, W] }
  const filter = { name: emitter.transpose(dy.name, [1, 0, 2, 3]), shape: [O, N, height, width] }
  const { stride, dilation } = attributes
  const pads = exactPads(x, dy, attributes)
  const convolution = convolve(emitter, images, filter, { pads, stride: dilation, dilations: [stride, stride] })
  return emitter.transpose(convolution, [1, 0, 2, 3])
}
