import type { LoweringTable, PlainValues } from '../lowering.ts'

/** Identity matrix with one row of zeros below: [classes + 1, classes]. */
function oneHotRows(classes: number): Float32Array {
  const rows = new Float32Array((classes + 1) * classes)
  for (let index = 0; index < classes; index++) rows[index * classes + index] = 1
  return rows
}

/** Operations on rows of class scores in ordinary (row-major) layout, the same in every lowering. */
export const rowOperators: LoweringTable<PlainValues, 'logSoftmax' | 'oneHot' | 'argMax' | 'cumulateDescending'> = {
  logSoftmax: (values, { inputs: [x], outputs: [y] }) => {
    values.setPlain(y, values.emitter.op('LogSoftmax', [values.plain(x)], { axis: -1 }))
  },
  oneHot: (values, { inputs: [indices], attributes: { classes }, outputs: [y] }) => {
    const { emitter } = values
    const int32 = (value: number): string => emitter.int32s([1], [value])
    // Gather counts −1 from the end: it is the row of zeros, as `classes` is.
    const bounded = emitter.op('Min', [emitter.op('Max', [values.plain(indices), int32(-1)]), int32(classes)])
    const rows = emitter.floats([classes + 1, classes], oneHotRows(classes))
    values.setPlain(y, emitter.op('Gather', [rows, bounded], { axis: 0 }))
  },
  argMax: (values, { inputs: [x], outputs: [y] }) => {
    const { emitter } = values
    const index = emitter.op('ArgMax', [values.plain(x)], { axis: -1, keepdims: 0 })
    values.setPlain(y, emitter.op('Cast', [index], { to: 6 }))
  },
  // The same order asked for twice is one TopK: the runtime joins equal nodes.
  cumulateDescending: (values, { inputs: [keys, summands], outputs: [y] }) => {
    const { emitter } = values
    const terms = values.plain(summands)
    const [, order] = emitter.ops('TopK', 2, [values.plain(keys), emitter.integers([keys.shape[1]])], { axis: -1 })
    const sorted = emitter.op('GatherElements', [terms, order], { axis: -1 })
    const sums = emitter.op('CumSum', [sorted, emitter.integers([1])])
    values.setPlain(y, emitter.op('ScatterElements', [terms, order, sums], { axis: -1 }))
  },
}
