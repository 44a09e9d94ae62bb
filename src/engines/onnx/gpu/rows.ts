import type { LoweringTable, PlainValues } from '../lowering.ts'

/** Operations on rows of class scores whose ONNX operators WebGPU does not have, or has only with int64 results. */
export const rowOperators: LoweringTable<PlainValues, 'logSoftmax' | 'argMax'> = {
  /** x − max − log Σ exp(x − max) */
  logSoftmax: (values, { inputs: [x], outputs: [y] }) => {
    const { emitter } = values
    const shifted = emitter.subtract(values.plain(x), rowMaximum(values, values.plain(x)))
    const sum = emitter.op('ReduceSum', [emitter.op('Exp', [shifted]), emitter.integers([-1])], { keepdims: 1 })
    values.setPlain(y, emitter.subtract(shifted, emitter.op('Log', [sum])))
  },
  /** The smallest index whose score is the row's maximum. */
  argMax: (values, { inputs: [x], outputs: [y] }) => {
    const { emitter } = values
    const scores = values.plain(x)
    const classes = x.shape[x.shape.length - 1]
    const indices = emitter.floats(
      [classes],
      Float32Array.from({ length: classes }, (_, index) => index),
    )
    const isLargest = emitter.op('Equal', [scores, rowMaximum(values, scores)])
    const candidates = emitter.op('Where', [isLargest, indices, emitter.float(classes)])
    const smallest = emitter.op('ReduceMin', [candidates, emitter.integers([-1])], { keepdims: 0 })
    values.setPlain(y, emitter.op('Cast', [smallest], { to: 6 }))
  },
}

function rowMaximum({ emitter }: PlainValues, x: string): string {
  return emitter.op('ReduceMax', [x, emitter.integers([-1])], { keepdims: 1 })
}
