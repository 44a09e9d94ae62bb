import { affineChannels } from '../channels.ts'
import { isOperation, liveNodes, type Program } from '../program.ts'
import { sameShape, type Node, type Tensor } from '../tensor.ts'
import { Readers, rewrite, type Replacement } from './rewrite.ts'

/**
 * Where gradients of several readers meet: the addition moves into the convolution that makes the last of them, and a
 * pooled gradient spread over a scaled one becomes the shift of the scaling.
 */
export function fuseGradientSums(source: Program): Program {
  const live = liveNodes(source)
  const readers = new Readers(source, live)
  return rewrite(source, (target) => {
    const replacements = new Map<Node, Replacement>()
    for (const node of live) {
      if (!isOperation(node, 'binary') || node.attributes.kind !== 'add') continue
      const [a, b] = node.inputs
      if (a === b || !sameShape(a.shape, b.shape)) continue
      const replacement =
        shiftedScale(a, b, readers) ??
        shiftedScale(b, a, readers) ??
        intoConvolution(a, b, readers) ??
        intoConvolution(b, a, readers)
      if (replacement)
        replacements.set(node, (map) => {
          target.scope = node.scope
          return [replacement(map)]
        })
    }
    return replacements
  })
}

type Emit = (map: (tensor: Tensor) => Tensor) => Tensor

function shiftedScale(scaled: Tensor, spreadOut: Tensor, readers: Readers): Emit | undefined {
  const [scaling, spreading] = [scaled.node, spreadOut.node]
  if (!isOperation(scaling, 'affineChannels') || !isOperation(spreading, 'spread')) return undefined
  const [x, scale, shift] = scaling.inputs
  if (shift !== undefined || !readers.only(scaled) || !readers.only(spreadOut)) return undefined
  return (map) => affineChannels(map(x), map(scale), map(spreading.inputs[0]))
}

function intoConvolution(other: Tensor, gradient: Tensor, readers: Readers): Emit | undefined {
  const { node } = gradient
  const takesSum =
    isOperation(node, 'conv2dInputGradient') ||
    isOperation(node, 'depthwiseConv2dInputGradient') ||
    isOperation(node, 'upsampleConv2dInputGradient')
  // Gradients in half precision meet in float32.
  if (!takesSum || gradient.dtype !== 'float32' || node.inputs[2] !== undefined || !readers.only(gradient))
    return undefined
  const [dy, weight] = node.inputs
  return (map) => {
    const inputs = [map(dy), map(weight), map(other)] as const
    return inputs[0].graph.emit(node.operation as 'conv2dInputGradient', inputs, node.attributes as never, [
      gradient,
    ])[0]
  }
}
