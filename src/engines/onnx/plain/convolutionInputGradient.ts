import type { ConvolutionAttributes, Pads } from '../../../graph/operations.ts'
import type { Shape } from '../../../graph/tensor.ts'
import type { Emitter } from '../emitter.ts'
import { matMulTransposedLeft } from '../operators/matMul.ts'
import { convolve, insertZeros, reverseTaps } from './convolve.ts'
import { mapExtents, type Value } from './value.ts'

type Attributes = ConvolutionAttributes & { readonly inputShape: Shape }

/** The gradient of a dense convolution's input: dy [N, O, H', W'], weight [O, I, kh, kw] → [N, I, H, W]. */
export function denseInputGradient(emitter: Emitter, dy: Value, weight: Value, attributes: Attributes): string {
  const [O, I, kernelHeight, kernelWidth] = mapExtents(weight)
  if (kernelHeight * kernelWidth === 1) return pointwiseInputGradient(emitter, dy, weight, attributes)
  const transposed = emitter.transpose(reverseTaps(emitter, weight), [1, 0, 2, 3])
  const filter = { name: transposed, shape: [I, O, kernelHeight, kernelWidth] }
  return spreadOut(emitter, dy, filter, attributes, 1)
}

/** The gradient of a depthwise convolution's input: dy [N, C, H', W'], weight [C, 1, kh, kw] → [N, C, H, W]. */
export function depthwiseInputGradient(emitter: Emitter, dy: Value, weight: Value, attributes: Attributes): string {
  const filter = { name: reverseTaps(emitter, weight), shape: weight.shape }
  return spreadOut(emitter, dy, filter, attributes, weight.shape[0])
}

/** A convolution of stride 1 over dy with stride − 1 zeros after every pixel, padded so that the input's extents come out. */
function spreadOut(emitter: Emitter, dy: Value, filter: Value, attributes: Attributes, group: number): string {
  const { stride, pads, dilation, inputShape } = attributes
  const spaced = insertZeros(emitter, dy, stride)
  const reach = filter.shape.slice(2).map((extent) => dilation * (extent - 1))
  const before = reach.map((pixels, axis) => pixels - pads[axis])
  const after = reach.map((pixels, axis) => inputShape[2 + axis] - spaced.shape[2 + axis] - before[axis] + pixels)
  const fullPads: Pads = [before[0], before[1], after[0], after[1]]
  return convolve(emitter, spaced, filter, { pads: fullPads, dilations: [dilation, dilation], group })
}

/** 1×1: multiply at the output's resolution, then space the result out. */
function pointwiseInputGradient(
  emitter: Emitter,
  dy: Value,
  weight: Value,
  { stride, pads, inputShape }: Attributes,
): string {
  const [N, O, height, width] = mapExtents(dy)
  const I = weight.shape[1]
  const rows = emitter.reshape(dy.name, [N, O, height * width])
  const product = matMulTransposedLeft(emitter, emitter.reshape(weight.name, [O, I]), rows)
  const map = { ...dy, name: emitter.reshape(product, [N, I, height, width]), shape: [N, I, height, width] }
  const spaced = insertZeros(emitter, map, stride)
  const after = [0, 1].map((axis) => inputShape[2 + axis] - spaced.shape[2 + axis] + pads[axis])
  return emitter.pad(spaced.name, [0, 0, -pads[0], -pads[1]], [0, 0, ...after])
}
