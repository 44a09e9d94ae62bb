import { featureMap } from '../../../graph/tensor.ts'
import type { LoweringTable } from '../lowering.ts'
import type { BlockedValues } from './values.ts'

export const poolingOperators: LoweringTable<
  BlockedValues,
  'globalAveragePool' | 'spread' | 'maxPool2d' | 'maxPool2dGradient' | 'upsampleNearest2x' | 'sumPool2x'
> = {
  globalAveragePool: (values, { inputs: [x], outputs: [output] }) => {
    values.setBlocked(output, values.globalAverage(values.blocked(x)))
  },
  spread: (values, { inputs: [x], attributes: { height, width }, outputs: [output] }) => {
    const { emitter, block } = values
    const { name, N, C } = values.map(x)
    const view = emitter.reshape(name, [N, C / block, 1, 1, block])
    const repeated = emitter.op('Expand', [view, emitter.integers([N, C / block, height, width, block])])
    values.setBlocked(output, emitter.reshape(repeated, [N, C, height, width]))
  },
  maxPool2d: (values, { inputs: [x], attributes, outputs: [output] }) => {
    values.setBlocked(
      output,
      values.emitter.op('MaxPool', [values.blocked(x)], poolAttributes(attributes), 'com.microsoft.nchwc'),
    )
  },
  /** The ordinary operator tells where each maximum stood (the first of equals, as torch); the gradient goes there. */
  maxPool2dGradient: (values, { inputs: [x, , dy], attributes, outputs: [output] }) => {
    const { emitter } = values
    const [N, C, H, W] = featureMap(x)
    const count = N * C * H * W
    const indices = emitter.ops('MaxPool', 2, [values.plain(x)], poolAttributes(attributes))[1]
    const flat = [N * C * dy.shape[2] * dy.shape[3]]
    const zeros = emitter.op('ConstantOfShape', [emitter.integers([count])])
    const inputs = [zeros, emitter.reshape(indices, flat), emitter.reshape(values.plain(dy), flat)]
    const scattered = emitter.op('ScatterElements', inputs, { axis: 0, reduction: 'add' })
    values.setPlain(output, emitter.reshape(scattered, [N, C, H, W]))
  },
  upsampleNearest2x: (values, { inputs: [x], outputs: [output] }) => {
    const attributes = { scales: [1, 1, 2, 2], mode: 'nearest' }
    values.setBlocked(output, values.emitter.op('Upsample', [values.blocked(x)], attributes, 'com.microsoft.nchwc'))
  },
  sumPool2x: (values, { inputs: [x], outputs: [output] }) => {
    const { emitter } = values
    const attributes = { kernel_shape: [2, 2], strides: [2, 2] }
    const average = emitter.op('AveragePool', [values.blocked(x)], attributes, 'com.microsoft.nchwc')
    values.setBlocked(output, emitter.multiply(average, emitter.float(4)))
  },
}

function poolAttributes({
  kernel,
  stride,
  pad,
}: {
  readonly kernel: number
  readonly stride: number
  readonly pad: number
}) {
  return { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] }
}
