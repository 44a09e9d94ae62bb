import type { OperationName } from '../../../graph/operations.ts'
import { size, type Node, type NodeOf, type Tensor } from '../../../graph/tensor.ts'
import type { LoweringTable } from '../lowering.ts'
import type { BlockedValues } from './values.ts'

// The gradient of a BatchNorm ends in a multiplication by γ/σ per channel: a pass over the whole map. Where only the
// gradients of a convolution read it, the factor is left to them: one scales its weights by it, the other its result,
// both far smaller than the map.

type InputGradient = 'conv2dInputGradient' | 'depthwiseConv2dInputGradient' | 'upsampleConv2dInputGradient'
type WeightGradient = 'conv2dWeightGradient' | 'depthwiseConv2dWeightGradient' | 'upsampleConv2dWeightGradient'

/** Whether everything that reads dx can take its factor over, and gains by it. */
export function canDefer(dx: Tensor, readers: readonly Node[]): boolean {
  return (
    readers.some(({ operation }) => operation !== 'batchNormAgain') &&
    readers.every((reader) => takesFactor(reader, dx))
  )
}

function takesFactor({ operation, inputs, outputs }: Node, dx: Tensor): boolean {
  const [first, second, third] = inputs as readonly (Tensor | undefined)[]
  switch (operation) {
    case 'conv2dInputGradient':
    case 'depthwiseConv2dInputGradient':
    case 'upsampleConv2dInputGradient':
      return first === dx && third !== dx && isSmall(second!, dx)
    case 'conv2dWeightGradient':
    case 'depthwiseConv2dWeightGradient':
    case 'upsampleConv2dWeightGradient':
      return second === dx && first !== dx && isSmall(outputs[0], dx)
    case 'batchNormAgain':
      // It only waits for the map.
      return inputs.indexOf(dx) === 5 && inputs.lastIndexOf(dx) === 5
    default:
      return false
  }
}

function isSmall(weight: Tensor, map: Tensor): boolean {
  return 4 * size(weight.shape) < size(map.shape)
}

/** A stored weight, in memory [O/B, …, Bo], times a factor per output channel. */
export function scaleOutputs(
  { emitter, block, padded }: BlockedValues,
  stored: string,
  weight: Tensor,
  factor: string,
): string {
  const [O, , ...kernel] = weight.shape
  const outputs = padded(O)
  // -1: the input channels, padded or (of an image) not.
  const view = emitter.reshape(stored, [outputs / block, -1, block])
  const product = emitter.multiply(view, emitter.reshape(factor, [outputs / block, 1, block]))
  return emitter.reshape(product, [outputs, -1, ...kernel])
}

type Operator<K extends OperationName> = (values: BlockedValues, node: NodeOf<K>) => void

function inputGradient<K extends InputGradient>(operator: Operator<K>): Operator<K> {
  return (values, node) => {
    const [dy, weight, ...rest] = node.inputs
    const deferred = values.deferred(dy)
    if (deferred === undefined) {
      operator(values, node)
      return
    }
    const scaled = { ...weight }
    values.setBlocked(scaled, scaleOutputs(values, values.blocked(weight), weight, deferred.factor))
    operator(values, { ...node, inputs: [deferred.unscaled, scaled, ...rest] })
  }
}

function weightGradient<K extends WeightGradient>(operator: Operator<K>): Operator<K> {
  return (values, node) => {
    const [x, dy] = node.inputs
    const deferred = values.deferred(dy)
    if (deferred === undefined) {
      operator(values, node)
      return
    }
    operator(values, { ...node, inputs: [x, deferred.unscaled] })
    const [output] = node.outputs
    values.setBlocked(output, scaleOutputs(values, values.blocked(output), output, deferred.factor))
  }
}

/** The gradients of convolutions, able to take over the factor of the dY that they read. */
export function takingFactors<Table extends LoweringTable<BlockedValues, InputGradient | WeightGradient>>(
  table: Table,
): Table {
  return {
    ...table,
    conv2dInputGradient: inputGradient(table.conv2dInputGradient),
    depthwiseConv2dInputGradient: inputGradient(table.depthwiseConv2dInputGradient),
    upsampleConv2dInputGradient: inputGradient(table.upsampleConv2dInputGradient),
    conv2dWeightGradient: weightGradient(table.conv2dWeightGradient),
    depthwiseConv2dWeightGradient: weightGradient(table.depthwiseConv2dWeightGradient),
    upsampleConv2dWeightGradient: weightGradient(table.upsampleConv2dWeightGradient),
  }
}
