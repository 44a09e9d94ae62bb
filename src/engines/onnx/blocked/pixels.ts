import { featureMap } from '../../../graph/tensor.ts'
import type { LoweringTable } from '../lowering.ts'
import type { BlockedValues } from './values.ts'

/** Blocks of classes beside pixels: where there is only one, a blocked map already is rows of padded scores. */
export const pixelOperators: LoweringTable<BlockedValues, 'pixelRows' | 'pixelMap'> = {
  pixelRows: (values, { inputs: [x], outputs: [output] }) => {
    const { emitter, block } = values
    const { name, N, C, H, W } = values.map(x)
    const classes = featureMap(x)[1]
    const together =
      C === block ? name : emitter.transpose(emitter.reshape(name, [N, C / block, H * W, block]), [0, 2, 1, 3])
    const rows = emitter.reshape(together, [N * H * W, C])
    values.setPlain(output, classes === C ? rows : emitter.slice(rows, [1], [0], [classes]))
  },
  pixelMap: (values, { inputs: [rows], outputs: [output] }) => {
    const { emitter, block } = values
    const [N, classes, H, W] = featureMap(output)
    const C = values.padded(classes)
    const padded = emitter.pad(values.plain(rows), [0, 0], [0, C - classes])
    const blocks = emitter.reshape(padded, [N, H * W, C / block, block])
    values.setBlocked(
      output,
      emitter.reshape(C === block ? blocks : emitter.transpose(blocks, [0, 2, 1, 3]), [N, C, H, W]),
    )
  },
}
