import { batchNorm } from '../normalization.ts'
import type { ActivationKind, FusedActivation } from '../operations.ts'
import { isOperation, liveNodes, type Program } from '../program.ts'
import { sameShape, type Node, type NodeOf, type Tensor } from '../tensor.ts'
import { once, Readers, rewrite, type Replacement } from './rewrite.ts'

/** What follows a normalisation or convolution and can be computed in the same pass over the map. */
export interface Epilogue {
  /** Every node that the fused operation stands for, the first one left out. */
  readonly nodes: readonly Node[]
  readonly sampleScale?: Tensor | undefined
  readonly skip?: Tensor | undefined
  readonly activation: FusedActivation
}

/** Follows y → (· sampleScale) → (+ skip) → (activation) as long as each value has one reader. */
export function epilogueOf(y: Tensor, readers: Readers, taken: ReadonlySet<Node>): Epilogue {
  const nodes: Node[] = []
  let [last, sampleScale, skip]: [Tensor, Tensor?, Tensor?] = [y]
  let activation: FusedActivation = 'identity'
  const advance = (node: Node): void => {
    nodes.push(node)
    last = node.outputs[0]!
  }
  const scaling = readers.only(last)
  if (scaling && isOperation(scaling, 'scaleSamples')) {
    sampleScale = scaling.inputs[1]
    advance(scaling)
  }
  const sum = readers.only(last)
  if (sum && isOperation(sum, 'binary') && sum.attributes.kind === 'add' && !taken.has(sum)) {
    const [a, b] = sum.inputs
    if (a !== b && sameShape(a.shape, b.shape)) {
      skip = a === last ? b : a
      advance(sum)
    }
  }
  const nonlinearity = readers.only(last)
  if (nonlinearity && isOperation(nonlinearity, 'activation') && isFused(nonlinearity.attributes.kind)) {
    activation = nonlinearity.attributes.kind
    advance(nonlinearity)
  }
  return { nodes, sampleScale, skip, activation }
}

function isFused(kind: ActivationKind): kind is FusedActivation & ActivationKind {
  return kind !== 'sigmoid' && kind !== 'gelu'
}

/** BatchNorm, stochastic depth, skip connection and activation as one pass over the map. */
export function fuseBatchNorm(source: Program): Program {
  const live = liveNodes(source)
  const readers = new Readers(source, live)
  return rewrite(source, () => {
    const replacements = new Map<Node, Replacement>()
    const taken = new Set<Node>()
    for (const node of live.filter((candidate) => isOperation(candidate, 'batchNorm'))) {
      const epilogue = epilogueOf(node.outputs[0], readers, taken)
      epilogue.nodes.forEach((member) => taken.add(member))
      fuse(node, epilogue, replacements)
    }
    return replacements
  })
}

function fuse(node: NodeOf<'batchNorm'>, epilogue: Epilogue, replacements: Map<Node, Replacement>): void {
  if (epilogue.nodes.length === 0) return
  const { sampleScale, skip, activation } = epilogue
  let mapTensor: (tensor: Tensor) => Tensor
  const fused = once(() => {
    const [x, gamma, beta] = node.inputs.map((input) => input && mapTensor(input))
    const [mappedSkip, mappedScale] = [skip, sampleScale].map((input) => input && mapTensor(input))
    x!.graph.scope = node.scope
    return batchNorm(x!, gamma!, beta!, { ...node.attributes, activation }, mappedSkip, mappedScale)
  })
  replacements.set(node, (map) => {
    mapTensor = map
    const { mean, variance } = fused()
    return [undefined, mean, variance]
  })
  for (const member of epilogue.nodes)
    replacements.set(member, (map) => {
      mapTensor = map
      return [fused().y]
    })
}
