import type { OperationName } from '../../../src/graph/operations.ts'
import { liveNodes, type Program } from '../../../src/graph/program.ts'
import { size, type Node, type NodeOf, type Tensor } from '../../../src/graph/tensor.ts'
import { arithmeticReference } from './arithmetic.ts'
import { convolutionReference } from './convolution.ts'
import { mapReference } from './maps.ts'
import { matrixReference } from './matrices.ts'

/** Values of a tensor in double precision, row-major. */
export type Values = Float64Array
/** By operation: from the values of a node's inputs (absent ones are undefined) to those of its outputs. */
export type Reference<K extends OperationName> = {
  readonly [Name in K]: (node: NodeOf<Name>, inputs: readonly Values[]) => Values | readonly Values[]
}

const references: Partial<
  Record<OperationName, (node: never, inputs: readonly Values[]) => Values | readonly Values[]>
> = {
  ...convolutionReference,
  ...mapReference,
  ...arithmeticReference,
  ...matrixReference,
}

/**
 * Every value of a forward program in double precision, each operation by its definition. Gradients are nobody's business
 * here: they are differences of these values.
 * @param feeds values of inputs and parameters by name
 * @param rounds false: half precision holds every number
 */
export function evaluate(
  source: Program,
  feeds: ReadonlyMap<string, ArrayLike<number>>,
  rounds = true,
): ReadonlyMap<Tensor, Values> {
  const known = new Map<Tensor, Values>()
  for (const node of liveNodes(source)) {
    const outputs = node.operation === 'cast' && !rounds ? [known.get(node.inputs[0])!] : outputsOf(node, feeds, known)
    node.outputs.forEach((tensor, index) => {
      const values = outputs.at(index)
      if (values !== undefined && values.length !== size(tensor.shape)) throw new Error(`${node.operation}: wrong size`)
      if (values !== undefined) known.set(tensor, values)
    })
  }
  return known
}

function outputsOf(
  node: Node,
  feeds: ReadonlyMap<string, ArrayLike<number>>,
  known: ReadonlyMap<Tensor, Values>,
): readonly Values[] {
  if (node.operation === 'input' || node.operation === 'parameter') {
    const fed = feeds.get(node.attributes.name)
    if (fed === undefined) throw new Error(`no values for ${node.attributes.name}`)
    return [node.operation === 'parameter' ? pieceOf(fed, node) : Float64Array.from(fed)]
  }
  if (node.operation === 'constant') return [Float64Array.from(node.attributes.data)]
  const reference = references[node.operation]
  if (reference === undefined) throw new Error(`the reference knows no ${node.operation}`)
  const inputs = (node.inputs as readonly (Tensor | undefined)[]).map((input) => input && known.get(input))
  const result = reference(node as never, inputs as readonly Values[])
  return result instanceof Float64Array ? [result] : result
}

/** The input channels of a parameter [O, total, …] that a node reads. */
function pieceOf(
  whole: ArrayLike<number>,
  { attributes: { piece }, outputs: [{ shape }] }: NodeOf<'parameter'>,
): Values {
  if (piece === undefined) return Float64Array.from(whole)
  const perOutput = size(shape) / shape[0]
  const taps = perOutput / shape[1]
  return Float64Array.from({ length: size(shape) }, (_, index) => {
    const output = Math.floor(index / perOutput)
    return whole[(output * piece.total + piece.offset) * taps + (index % perOutput)]
  })
}
