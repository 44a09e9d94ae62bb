import type { FusedActivation } from '../../../graph/operations.ts'
import type { Tensor } from '../../../graph/tensor.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'
import { activate } from '../operators/activation.ts'
import { denseInputGradient, depthwiseInputGradient } from './convolutionInputGradient.ts'
import { denseWeightGradient, depthwiseWeightGradient } from './convolutionWeightGradient.ts'
import { convolve, type Convolution } from './convolve.ts'
import { mapExtents, valueOf, type Value } from './value.ts'

export const convolutionOperators: LoweringTable<
  PlainValues,
  | 'conv2d'
  | 'conv2dInputGradient'
  | 'conv2dWeightGradient'
  | 'depthwiseConv2d'
  | 'depthwiseConv2dInputGradient'
  | 'depthwiseConv2dWeightGradient'
> = {
  conv2d: (values, { inputs: [x, weight, bias, sum], attributes, outputs: [y] }) => {
    const { stride, pads, dilation, activation } = attributes
    const [input, filter] = [valueOf(values, x), valueOf(values, weight)]
    const isProduct = filter.shape[2] * filter.shape[3] * stride === 1 && pads.every((pad) => pad === 0) && !bias
    const convolution = { stride, pads, dilations: [dilation, dilation], bias: bias && values.plain(bias) } as const
    const map = isProduct ? multiplyPixels(values, input, filter) : convolve(values.emitter, input, filter, convolution)
    finish(values, y, sum ? values.emitter.add(map, values.plain(sum)) : map, activation)
  },
  conv2dInputGradient: (values, { inputs: [dy, weight, sum], attributes, outputs: [dx] }) => {
    const gradient = denseInputGradient(values.emitter, valueOf(values, dy), valueOf(values, weight), attributes)
    values.setPlain(dx, sum ? values.emitter.add(gradient, values.plain(sum)) : gradient)
  },
  conv2dWeightGradient: (values, { inputs: [x, dy], attributes, outputs: [dw] }) => {
    values.setPlain(dw, denseWeightGradient(values.emitter, valueOf(values, x), valueOf(values, dy), attributes))
  },

  depthwiseConv2d: (values, { inputs: [x, weight, bias], attributes, outputs: [y] }) => {
    const { stride, pads, dilation, activation } = attributes
    const convolution: Convolution = {
      stride,
      pads,
      dilations: [dilation, dilation],
      group: x.shape[1],
      bias: bias && values.plain(bias),
    }
    finish(values, y, convolve(values.emitter, valueOf(values, x), valueOf(values, weight), convolution), activation)
  },
  depthwiseConv2dInputGradient: (values, { inputs: [dy, weight, sum], attributes, outputs: [dx] }) => {
    const gradient = depthwiseInputGradient(values.emitter, valueOf(values, dy), valueOf(values, weight), attributes)
    values.setPlain(dx, sum ? values.emitter.add(gradient, values.plain(sum)) : gradient)
  },
  depthwiseConv2dWeightGradient: (values, { inputs: [x, dy], attributes, outputs: [dw] }) => {
    values.setPlain(dw, depthwiseWeightGradient(values.emitter, valueOf(values, x), valueOf(values, dy), attributes))
  },
}

/** 1×1 without stride: weight [O, I] times pixels [N, I, H·W]. */
function multiplyPixels({ emitter }: PlainValues, x: Value, weight: Value): string {
  const [N, I, H, W] = mapExtents(x)
  const O = weight.shape[0]
  const pixels = emitter.reshape(x.name, [N, I, H * W])
  const product = emitter.op('MatMul', [emitter.reshape(weight.name, [O, I]), pixels])
  return emitter.reshape(product, [N, O, H, W])
}

function finish(values: PlainValues, y: Tensor, map: string, activation: FusedActivation): void {
  values.setPlain(y, activate(values.emitter, activation, map))
}
