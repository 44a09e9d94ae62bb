import { activation, add, cast, reshape } from '../elementwise.ts'
import type { FusedActivation, OperationName } from '../operations.ts'
import { ancestors, isOperation, liveNodes, type Program } from '../program.ts'
import type { HalfType, Node, Tensor } from '../tensor.ts'
import { rewrite, type Replacement } from './rewrite.ts'

/** Convolutions, those over a single pixel too: products of matrices, where most of a step's time goes. */
const convolutions = [
  'conv2d',
  'depthwiseConv2d',
  'upsampleConv2d',
  'conv2dInputGradient',
] as const satisfies readonly OperationName[]
type Convolution = Extract<Node, { readonly operation: (typeof convolutions)[number] }>

function isConvolution(node: Node): node is Convolution {
  return convolutions.some((operation) => isOperation(node, operation))
}

/**
 * The forward program with its convolutions in half precision, as torch.autocast (2.14): maps and weights are rounded on
 * their way in, the product is half as well, and everything else stays float32: the weights themselves, biases,
 * normalisations and their statistics, activations, sums, losses. Differentiated afterwards, the gradients of the maps
 * are computed in half too, those of the weights in float32 (see `gradients.ts`).
 *
 * Products of whole matrices (attention) stay float32, other than torch's: they add as many terms as a map has pixels, and
 * where a runtime adds in half precision such a sum stops growing.
 * @param source after the passes that fuse, before its gradients
 */
export function autocast(source: Program, half: HalfType): Program {
  const loss = source.outputs.get('loss')
  const behindLoss = ancestors(loss === undefined ? [] : [loss])
  return rewrite(source, () => {
    const rounded = new Map<Tensor, Tensor>()
    const round = (x: Tensor): Tensor => {
      const known = rounded.get(x) ?? cast(x, half)
      rounded.set(x, known)
      return known
    }
    return new Map<Node, Replacement>(
      liveNodes(source)
        .filter((node) => isConvolution(node))
        .filter((node) => behindLoss.has(node))
        .map((node) => [node, (map) => [inHalf(node, map, round)]]),
    )
  })
}

function inHalf(node: Convolution, map: (tensor: Tensor) => Tensor, round: (tensor: Tensor) => Tensor): Tensor {
  const { bias, sum, activation: kind } = tailOf(node)
  const [x, weight] = [node.inputs[0], node.inputs[1]].map((operand) => round(map(operand)))
  const { graph } = x
  graph.scope = node.scope
  const attributes = { ...node.attributes, ...(kind !== 'identity' && { activation: 'identity' }) }
  const type = { shape: node.outputs[0].shape, dtype: x.dtype }
  const [product] = graph.emit(node.operation, [x, weight], attributes as never, [type])
  let y = cast(product, 'float32')
  if (bias !== undefined) y = add(y, reshape(map(bias), [1, bias.shape[0], 1, 1]))
  if (sum !== undefined) y = add(y, map(sum))
  return kind === 'identity' ? y : activation(kind, y)
}

interface Tail {
  readonly bias?: Tensor | undefined
  readonly sum?: Tensor | undefined
  readonly activation: FusedActivation
}

/** What a convolution does to its product in the same pass. */
function tailOf(node: Convolution): Tail {
  switch (node.operation) {
    case 'conv2d':
      return { bias: node.inputs[2], sum: node.inputs[3], activation: node.attributes.activation }
    case 'conv2dInputGradient':
      return { sum: node.inputs[2], activation: 'identity' }
    case 'depthwiseConv2d':
    case 'upsampleConv2d':
      return { bias: node.inputs[2], activation: node.attributes.activation }
  }
}
