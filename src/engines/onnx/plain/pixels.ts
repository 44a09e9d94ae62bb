import type { LoweringTable, PlainValues } from '../lowering.ts'
import { mapExtents, valueOf } from './value.ts'

export const pixelOperators: LoweringTable<PlainValues, 'pixelRows' | 'pixelMap'> = {
  pixelRows: (values, { inputs: [x], outputs: [rows] }) => {
    const { emitter } = values
    const [N, C, H, W] = mapExtents(valueOf(values, x))
    const pixelsLast = emitter.reshape(values.plain(x), [N, C, H * W])
    values.setPlain(rows, emitter.reshape(emitter.transpose(pixelsLast, [0, 2, 1]), [N * H * W, C]))
  },
  pixelMap: (values, { inputs: [rows], outputs: [x] }) => {
    const { emitter } = values
    const [N, C, H, W] = mapExtents({ name: '', shape: x.shape })
    const channelsLast = emitter.reshape(values.plain(rows), [N, H * W, C])
    values.setPlain(x, emitter.reshape(emitter.transpose(channelsLast, [0, 2, 1]), [N, C, H, W]))
  },
}
