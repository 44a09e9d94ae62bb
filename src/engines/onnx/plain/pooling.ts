import type { PoolAttributes } from '../../../graph/operations.ts'
import { size } from '../../../graph/tensor.ts'
import type { Attributes } from '../emitter.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'

export const poolingOperators: LoweringTable<
  PlainValues,
  'globalAveragePool' | 'spread' | 'maxPool2d' | 'maxPool2dGradient'
> = {
  globalAveragePool: (values, { inputs: [x], outputs: [y] }) => {
    values.setPlain(y, values.emitter.op('GlobalAveragePool', [values.plain(x)]))
  },
  spread: (values, { inputs: [x], outputs: [y] }) => {
    values.setPlain(y, values.emitter.op('Expand', [values.plain(x), values.emitter.integers(y.shape)]))
  },
  maxPool2d: (values, { inputs: [x], attributes, outputs: [y] }) => {
    values.setPlain(y, values.emitter.op('MaxPool', [values.plain(x)], windows(attributes)))
  },
  /** Each window's gradient goes to its first maximum in row-major order, as in torch. */
  maxPool2dGradient: (values, { inputs: [x, , dy], attributes, outputs: [dx] }) => {
    const { emitter } = values
    const positions = emitter.ops('MaxPool', 2, [values.plain(x)], windows(attributes))[1]
    const zeros = emitter.op('ConstantOfShape', [emitter.integers([size(x.shape)])])
    const flat = (name: string): string => emitter.reshape(name, [size(dy.shape)])
    const inputs = [zeros, flat(positions), flat(values.plain(dy))]
    const scattered = emitter.op('ScatterElements', inputs, { axis: 0, reduction: 'add' })
    values.setPlain(dx, emitter.reshape(scattered, x.shape))
  },
}

function windows({ kernel, stride, pad }: PoolAttributes): Attributes {
  return { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] }
}
