import { castAgain } from '../elementwise.ts'
import { ancestors, isOperation, liveNodes, type Program } from '../program.ts'
import { isHalf, type Node, type Tensor } from '../tensor.ts'
import { rewrite, type Replacement } from './rewrite.ts'

type Inputs = readonly (Tensor | undefined)[]

/**
 * A training program in mixed precision that keeps maps for its backward pass as halves, not as float32 (torch.autocast keeps
 * no others): what was cast from a half is cast again where the backward pass reads it, and where a ReLU was at work is told
 * from the half that the next convolution read.
 * @param source a program with its gradients, after all fusing
 */
export function keepHalf(source: Program): Program {
  const live = liveNodes(source)
  const forward = ancestors([...source.outputs.values(), ...source.updates.values()])
  const rounded = new Map<Tensor, Tensor>()
  for (const node of live)
    if (isOperation(node, 'cast') && forward.has(node) && isHalf(node.attributes.to))
      rounded.set(node.inputs[0], node.outputs[0])
  /** The half that a node of the backward pass can read in place of its input. */
  const halfOf = (node: Node, input: Tensor, index: number): Tensor | undefined => {
    const { node: maker } = input
    if (isOperation(maker, 'cast') && forward.has(maker) && isHalf(maker.inputs[0].dtype)) return maker.inputs[0]
    return readsOnlySign(node, index) ? rounded.get(input) : undefined
  }

  const readers = live.flatMap((node) => {
    if (forward.has(node)) return []
    const halves = (node.inputs as Inputs).map((input, index) => input && halfOf(node, input, index))
    return halves.some((half) => half !== undefined) ? [{ node, halves }] : []
  })
  const read = new Set(readers.flatMap(({ halves }) => halves.filter((half) => half !== undefined)))

  return rewrite(source, () => {
    const again = new Map<Tensor, Tensor>()
    // All before the first node of the backward pass: of what a node still needs, the runtime computes the last one of the file
    // first, and so makes these when everything else is there (ONNX Runtime 1.30: engines/onnx/memory/executionOrder.ts).
    const castAll = (map: (tensor: Tensor) => Tensor): void => {
      if (again.size === 0) for (const half of read) again.set(half, castAgain(map(half)))
    }
    return new Map<Node, Replacement>(
      readers.map(({ node, halves }) => [
        node,
        (map) => {
          castAll(map)
          const inputs = (node.inputs as Inputs).map((input, index) => {
            const half = halves[index]
            return half === undefined ? input && map(input) : again.get(half)
          })
          const { graph } = inputs.find((input) => input !== undefined)!
          graph.scope = node.scope
          return graph.emit(node.operation, inputs as never, node.attributes, node.outputs)
        },
      ]),
    )
  })
}

/** A ReLU's backward pass asks of its value no more than where it is zero: a half knows (but for what it rounds to zero). */
function readsOnlySign(node: Node, index: number): boolean {
  return isOperation(node, 'batchNormGradient') && node.attributes.activation === 'relu' && (index === 1 || index === 2)
}
