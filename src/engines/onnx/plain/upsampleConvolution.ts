import type { Pads } from '../../../graph/operations.ts'
import type { Emitter } from '../emitter.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'
import { activate } from '../operators/activation.ts'
import { denseInputGradient } from './convolutionInputGradient.ts'
import { denseWeightGradient } from './convolutionWeightGradient.ts'
import { convolve, repeatPixels } from './convolve.ts'
import { sumWindows2x } from './resize.ts'
import { mapExtents, valueOf, type Value } from './value.ts'

const pads: Pads = [1, 1, 1, 1]
const sliding = { stride: 1, pads, dilation: 1 } as const

/** Convolution over a doubled map, and its gradients, by making the doubled map. */
export const upsampleConvolutionOperators: LoweringTable<
  PlainValues,
  'upsampleConv2d' | 'upsampleConv2dInputGradient' | 'upsampleConv2dWeightGradient'
> = {
  upsampleConv2d: (values, { inputs: [x, weight, bias], attributes: { activation }, outputs: [y] }) => {
    const { emitter } = values
    const convolution = { pads, bias: bias && values.plain(bias) }
    const map = convolve(emitter, doubled(emitter, valueOf(values, x)), valueOf(values, weight), convolution)
    values.setPlain(y, activate(emitter, activation, map))
  },
  upsampleConv2dInputGradient: (values, { inputs: [dy, weight, sum], outputs: [dx] }) => {
    const { emitter } = values
    const [N, , H, W] = mapExtents(valueOf(values, dy))
    const attributes = { ...sliding, inputShape: [N, weight.shape[1], H, W] }
    const fine = denseInputGradient(emitter, valueOf(values, dy), valueOf(values, weight), attributes)
    const gradient = sumWindows2x(emitter, fine, valueOf(values, dy).dtype)
    values.setPlain(dx, sum ? emitter.add(gradient, values.plain(sum)) : gradient)
  },
  upsampleConv2dWeightGradient: (values, { inputs: [x, dy], outputs: [dw] }) => {
    const { emitter } = values
    const attributes = { ...sliding, weightShape: dw.shape }
    values.setPlain(
      dw,
      denseWeightGradient(emitter, doubled(emitter, valueOf(values, x)), valueOf(values, dy), attributes),
    )
  },
}

function doubled(emitter: Emitter, x: Value): Value {
  const [N, C, H, W] = mapExtents(x)
  return { name: repeatPixels(emitter, x.name, 2), shape: [N, C, 2 * H, 2 * W] }
}
