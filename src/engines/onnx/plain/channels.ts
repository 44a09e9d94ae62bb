import { sameShape } from '../../../graph/tensor.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'
import { affinePerChannel, dotPerChannel } from './channelSums.ts'
import { mapExtents, valueOf } from './value.ts'

export const channelOperators: LoweringTable<
  PlainValues,
  'affineChannels' | 'channelDot' | 'channelSum' | 'scaleSamples' | 'concatChannels' | 'sliceChannels'
> = {
  affineChannels: (values, { inputs: [x, scale, shift], outputs: [y] }) => {
    const { emitter } = values
    const [N, C, H, W] = mapExtents(valueOf(values, x))
    if (shift === undefined) {
      values.setPlain(y, emitter.multiply(values.plain(x), values.plain(scale)))
    } else if (sameShape(scale.shape, shift.shape) && scale.shape[0] === N) {
      // Images count as channels: one pass where a product and a sum would be two.
      const vector = (name: string): string => emitter.reshape(name, [N * C])
      const [factors, offsets] = [vector(values.plain(scale)), vector(values.plain(shift))]
      const map = affinePerChannel(emitter, emitter.reshape(values.plain(x), [1, N * C, H, W]), factors, offsets, N * C)
      values.setPlain(y, emitter.reshape(map, [N, C, H, W]))
    } else {
      values.setPlain(y, emitter.add(emitter.multiply(values.plain(x), values.plain(scale)), values.plain(shift)))
    }
  },
  channelDot: (values, { inputs: [x, y], outputs: [dot] }) => {
    const perChannel = dotPerChannel(values.emitter, valueOf(values, x), values.plain(y))
    values.setPlain(dot, values.emitter.reshape(perChannel, dot.shape))
  },
  channelSum: (values, { inputs: [x], outputs: [sum] }) => {
    const [N, C, H, W] = mapExtents(valueOf(values, x))
    const rows = values.emitter.reshape(values.plain(x), [N, C, H * W])
    values.setPlain(sum, values.emitter.reduceSum(rows, [0, 2]))
  },
  scaleSamples: (values, { inputs: [x, factor], outputs: [y] }) => {
    const perImage = values.emitter.reshape(values.plain(factor), [x.shape[0], 1, 1, 1])
    values.setPlain(y, values.emitter.multiply(values.plain(x), perImage))
  },
  concatChannels: (values, { inputs, outputs: [y] }) => {
    values.setPlain(
      y,
      values.emitter.op(
        'Concat',
        inputs.map((part) => values.plain(part)),
        { axis: 1 },
      ),
    )
  },
  sliceChannels: (values, { inputs: [x], attributes: { offset, length }, outputs: [y] }) => {
    values.setPlain(y, values.emitter.slice(values.plain(x), [1], [offset], [offset + length]))
  },
}
