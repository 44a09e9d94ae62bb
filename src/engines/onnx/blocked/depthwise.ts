import type { LoweringTable } from '../lowering.ts'
import { activate } from '../operators/activation.ts'
import { fusedActivation, insertZeros, kernelOf } from './convolution.ts'
import type { BlockedValues } from './values.ts'
import { reversedTaps } from './weights.ts'

export const depthwiseOperators: LoweringTable<
  BlockedValues,
  'depthwiseConv2d' | 'depthwiseConv2dInputGradient' | 'depthwiseConv2dWeightGradient'
> = {
  depthwiseConv2d: (values, { inputs: [x, weight, bias], attributes, outputs: [output] }) => {
    const { activation, stride, dilation, pads } = attributes
    const map = values.map(x)
    const y = values.convolve(map.name, values.blocked(weight), {
      kernel: kernelOf(weight.shape),
      group: map.C,
      stride,
      dilation,
      pads,
      bias: bias && values.blocked(bias),
      activation: fusedActivation(activation),
    })
    values.setBlocked(output, activation === 'silu' ? activate(values.emitter, 'silu', y) : y)
  },

  /** The taps reversed, over dY with zeros between its pixels where the stride is above 1. */
  depthwiseConv2dInputGradient: (values, { inputs: [dy, weight, sum], attributes, outputs: [output] }) => {
    const { emitter, block } = values
    const { stride, dilation, pads, inputShape } = attributes
    const [rows, columns] = kernelOf(weight.shape)
    const taps = rows * columns
    const sparse = insertZeros(values, values.map(dy), stride)
    const { C } = sparse
    const view = emitter.reshape(values.blocked(weight), [C / block, taps, block])
    const flipped = emitter.op('Gather', [view, emitter.integers(reversedTaps(taps))], { axis: 1 })
    const [top, left] = [dilation * (rows - 1) - pads[0], dilation * (columns - 1) - pads[1]]
    const bottom = inputShape[2] - sparse.H + dilation * (rows - 1) - top
    const right = inputShape[3] - sparse.W + dilation * (columns - 1) - left
    const sides = [top, left, bottom, right]
    const cropped = values.padMap(
      sparse,
      sides.map((pad) => Math.min(pad, 0)),
    )
    const dx = values.convolve(cropped.name, emitter.reshape(flipped, [C, 1, rows, columns]), {
      kernel: [rows, columns],
      group: C,
      dilation,
      pads: sides.map((pad) => Math.max(pad, 0)),
      sum: sum && values.blocked(sum),
    })
    values.setBlocked(output, dx)
  },

  /** One convolution with a group per image and channel: x against dY as its kernel, dilated by the stride. No copy. */
  depthwiseConv2dWeightGradient: (values, { inputs: [x, dy], attributes, outputs: [output] }) => {
    const { emitter } = values
    const { stride, dilation, pads, weightShape } = attributes
    const [rows, columns] = kernelOf(weightShape)
    const [input, gradient] = [values.map(x), values.map(dy)]
    const bottom = stride * (gradient.H - 1) + dilation * (rows - 1) + 1 - input.H - pads[0]
    const right = stride * (gradient.W - 1) + dilation * (columns - 1) + 1 - input.W - pads[1]
    const sides = [pads[0], pads[1], bottom, right]
    const cropped = values.padMap(
      input,
      sides.map((pad) => Math.min(pad, 0)),
    )
    const channels = input.N * input.C
    const perImage = values.convolve(
      emitter.reshape(cropped.name, [1, channels, cropped.H, cropped.W]),
      emitter.reshape(gradient.name, [channels, 1, gradient.H, gradient.W]),
      {
        kernel: [gradient.H, gradient.W],
        group: channels,
        dilation: stride,
        stride: dilation,
        pads: sides.map((pad) => Math.max(pad, 0)),
      },
    )
    const summed = emitter.reduceSum(emitter.reshape(perImage, [input.N, input.C * rows * columns]), [0])
    values.setBlocked(output, emitter.reshape(summed, [input.C, 1, rows, columns]))
  },
}
