import { sameShape, size, type NodeOf, type Tensor } from '../../../graph/tensor.ts'
import type { LoweringTable } from '../lowering.ts'
import { activate, activationGradient } from '../operators/activation.ts'
import { elementwiseOperators } from '../operators/elementwise.ts'
import type { BlockedValues } from './values.ts'

const operators = { add: 'Add', subtract: 'Sub', multiply: 'Mul', maximum: 'Max', minimum: 'Min' } as const

/** Element by element where the values lie blocked and padded zeros stay zeros; in ordinary layout otherwise. */
export const blockedElementwiseOperators: LoweringTable<
  BlockedValues,
  'unary' | 'binary' | 'activation' | 'activationGradient'
> = {
  unary: (values, node) => {
    const [x] = node.inputs
    const { kind } = node.attributes
    if (!values.isBlocked(x) || (kind !== 'negate' && kind !== 'sqrt')) {
      elementwiseOperators.unary(values, node)
      return
    }
    values.setBlocked(node.outputs[0], values.emitter.op(kind === 'negate' ? 'Neg' : 'Sqrt', [values.blocked(x)]))
  },
  binary: (values, node) => {
    const operands = blockedOperands(values, node)
    if (operands === undefined) {
      elementwiseOperators.binary(values, node)
      return
    }
    const type = operators[node.attributes.kind as keyof typeof operators]
    values.setBlocked(node.outputs[0], values.emitter.op(type, operands))
  },
  /** A sigmoid makes 0.5 of padded zeros: harmless only where it scales a map whose padding is zero, as a gate does. */
  activation: (values, { inputs: [x], attributes: { kind }, outputs: [output] }) => {
    if (isRows(x)) values.setPlain(output, activate(values.emitter, kind, values.plain(x)))
    else values.setBlocked(output, activate(values.emitter, kind, values.blocked(x)))
  },
  activationGradient: (values, { inputs, attributes: { kind }, outputs: [output] }) => {
    const [x, y, dy] = inputs.map((tensor) => (isRows(tensor) ? values.plain(tensor) : values.blocked(tensor)))
    const gradient = activationGradient(values.emitter, kind, x, y, dy)
    if (isRows(output)) values.setPlain(output, gradient)
    else values.setBlocked(output, gradient)
  },
}

/** Matrices have no blocked layout. */
function isRows({ shape }: Tensor): boolean {
  return shape.length !== 4 && shape.length !== 1
}

/** The operands' names where both can be taken as they lie: equal shapes, or a map times a single number. */
function blockedOperands(
  values: BlockedValues,
  { inputs: [a, b], attributes: { kind } }: NodeOf<'binary'>,
): readonly string[] | undefined {
  if (!(kind in operators) || !(values.isBlocked(a) || values.isBlocked(b))) return undefined
  if (sameShape(a.shape, b.shape))
    return a.shape.length === 4 || a.shape.length === 1 ? [values.blocked(a), values.blocked(b)] : undefined
  if (kind !== 'multiply') return undefined
  const isSingle = (tensor: Tensor): boolean => size(tensor.shape) === 1 && tensor.shape.length === 1
  if (isSingle(b) && values.isBlocked(a)) return [values.blocked(a), values.plain(b)]
  if (isSingle(a) && values.isBlocked(b)) return [values.plain(a), values.blocked(b)]
  return undefined
}
