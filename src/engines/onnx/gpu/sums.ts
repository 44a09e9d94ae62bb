import type { LoweringTable, PlainValues } from '../lowering.ts'

/** Terms that one group of threads adds up. */
const groupLength = 4096

export const sumOperators: LoweringTable<PlainValues, 'squaredNorm'> = {
  /** In two stages: a sum with one result is given to one group of threads. */
  squaredNorm: (values, { inputs: [x], outputs: [y] }) => {
    const { emitter } = values
    const squares = emitter.multiply(values.plain(x), values.plain(x))
    const length = x.shape.reduce((product, extent) => product * extent, 1)
    const groups = length % groupLength === 0 ? length / groupLength : 1
    const partial = emitter.reduceSum(emitter.reshape(squares, [groups, length / groups]), [1])
    values.setPlain(y, emitter.reduceSum(partial, [0], true))
  },
}
