import { featureMap } from '../../../graph/tensor.ts'
import type { LoweringTable } from '../lowering.ts'
import type { BlockedValues } from './values.ts'

export const channelOperators: LoweringTable<
  BlockedValues,
  'affineChannels' | 'channelDot' | 'channelSum' | 'scaleSamples' | 'concatChannels' | 'sliceChannels'
> = {
  affineChannels: (values, { inputs: [x, scale, shift], outputs: [output] }) => {
    const { emitter } = values
    const own = values.map(x)
    const { name, N, C, H, W } = values.isWide.has(x) ? values.widened(own) : own
    const groups = scale.shape[0] === 1 && (shift?.shape[0] ?? 1) === 1 ? C : N * C
    const perGroup = (vector: string, rows: number, dims: readonly number[]): string =>
      rows * C === groups
        ? emitter.reshape(vector, dims)
        : emitter.reshape(emitter.op('Expand', [vector, emitter.integers([N, C, 1, 1])]), dims)
    const y = values.affine(
      emitter.reshape(name, [(N * C) / groups, groups, H, W]),
      perGroup(values.blocked(scale), scale.shape[0], [groups, 1, 1, 1]),
      groups,
      { bias: shift && perGroup(values.blocked(shift), shift.shape[0], [groups]) },
    )
    values.setBlocked(output, values.viewed(y, own))
  },
  channelDot: (values, { inputs: [x, y], outputs: [output] }) => {
    const map = values.map(x)
    values.setBlocked(output, values.dot(map.name, values.blocked(y), map))
  },
  channelSum: (values, { inputs: [x], outputs: [output] }) => {
    const { emitter } = values
    const { name, C, H, W } = values.map(x)
    if (H * W === 1) {
      values.setBlocked(output, emitter.reduceSum(name, [0, 2, 3]))
      return
    }
    const perImage = emitter.reduceSum(values.globalAverage(name), [0])
    values.setBlocked(output, emitter.reshape(emitter.multiply(perImage, emitter.float(H * W)), [C]))
  },
  scaleSamples: (values, { inputs: [x, factor], outputs: [output] }) => {
    const { emitter } = values
    const { name, N, C, H, W } = values.map(x)
    const ones = emitter.filled([1, C], 1)
    const scale = emitter.multiply(emitter.reshape(values.plain(factor), [N, 1]), ones)
    const y = values.affine(emitter.reshape(name, [1, N * C, H, W]), emitter.reshape(scale, [N * C, 1, 1, 1]), N * C)
    values.setBlocked(output, emitter.reshape(y, [N, C, H, W]))
  },
  /** Whole blocks are joined as they lie; a part that ends inside a block forces the way through ordinary layout. */
  concatChannels: (values, { inputs: parts, outputs: [output] }) => {
    const { emitter, block } = values
    const aligned = parts.slice(0, -1).every((part) => featureMap(part)[1] % block === 0)
    if (aligned)
      values.setBlocked(
        output,
        emitter.op(
          'Concat',
          parts.map((part) => values.blocked(part)),
          { axis: 1 },
        ),
      )
    else
      values.setPlain(
        output,
        emitter.op(
          'Concat',
          parts.map((part) => values.plain(part)),
          { axis: 1 },
        ),
      )
  },
  sliceChannels: (values, { inputs: [x], attributes: { offset, length }, outputs: [output] }) => {
    const { emitter, block } = values
    const isLast = offset + length === featureMap(x)[1]
    if (values.isBlocked(x) && offset % block === 0 && (isLast || length % block === 0)) {
      const end = offset + values.padded(length)
      values.setBlocked(output, emitter.slice(values.blocked(x), [1], [offset], [end]))
    } else values.setPlain(output, emitter.slice(values.plain(x), [1], [offset], [offset + length]))
  },
}
