import type { OperationName } from '../operations.ts'
import { ancestors, isOperation, liveNodes, type Program } from '../program.ts'
import { presentInputs, type Node, type NodeOf, type Tensor } from '../tensor.ts'
import { rewrite, type Replacement } from './rewrite.ts'

/** Passes over a map that are far cheaper than a convolution: worth doing twice for not keeping the map. */
const cheap: ReadonlySet<OperationName> = new Set([
  'activation',
  'affineChannels',
  'scaleSamples',
  'concatChannels',
  'sliceChannels',
  'upsampleNearest2x',
  'binary',
])

/**
 * A training program that keeps less: what a BatchNorm (with its skip connection and activation) made, and cheap passes over
 * it, are computed again when the backward pass first wants them (Chen et al. 2016, "Training Deep Nets with Sublinear
 * Memory Cost", with the layers chosen by their price). Inputs of BatchNorms and their statistics are kept. The numbers
 * stay the same.
 * @param source a program with its gradients, after all fusing
 */
export function checkpointActivations(source: Program): Program {
  const live = liveNodes(source)
  const forward = ancestors([...source.outputs.values(), ...source.updates.values()])
  const again = planned(live, forward)
  return rewrite(source, () => {
    const replacements = new Map<Node, Replacement>()
    const made = new Map<Node, readonly Tensor[]>()
    const late = (tensor: Tensor, map: (tensor: Tensor) => Tensor): Tensor => {
      const after = again.get(tensor.node)
      if (after === undefined) return map(tensor)
      let outputs = made.get(tensor.node)
      if (outputs === undefined) {
        outputs = recomputed(tensor.node, map(after), (input) => late(input, map), map)
        made.set(tensor.node, outputs)
      }
      return outputs[tensor.index]
    }
    for (const node of again.keys())
      if (isOperation(node, 'batchNorm'))
        replacements.set(node, (map) => copyOf(node, mapInputs(node, map), { ...node.attributes, isMadeAgain: true }))
    for (const node of live)
      if (!forward.has(node) && presentInputs(node).some((input) => again.has(input.node)))
        replacements.set(node, (map) =>
          copyOf(
            node,
            mapInputs(node, (input) => late(input, map)),
          ),
        )
    return replacements
  })
}

/** The forward nodes to be computed again, each with the value of the backward pass that its first reader waits for. */
function planned(live: readonly Node[], forward: ReadonlySet<Node>): ReadonlyMap<Node, Tensor> {
  const depths = depthsOf(live, forward)
  const depthOf = (tensor: Tensor): number => depths.get(tensor.node) ?? 0
  // Of each node whether it can be made late: a BatchNorm can, and what reads one of those.
  const isLate = new Set<Node>()
  for (const node of live)
    if (forward.has(node) && isMap(node) && (isOperation(node, 'batchNorm') || readsLate(node, isLate)))
      isLate.add(node)

  const again = new Map<Node, Tensor>()
  const ask = (node: Node, after: Tensor): void => {
    const earlier = again.get(node)
    if (earlier === undefined || depthOf(after) < depthOf(earlier)) again.set(node, after)
  }
  // Readers before what they read: a node that is made late asks for what it is made of.
  for (const node of live.toReversed()) {
    const after = forward.has(node) ? again.get(node) : lastOf(presentInputs(node), depthOf)
    if (after === undefined) continue
    for (const input of presentInputs(node)) if (isLate.has(input.node) && isKept(input)) ask(input.node, after)
  }
  return again
}

function isMap({ outputs: [{ shape, dtype }] }: Node): boolean {
  return dtype === 'float32' && shape.length === 4 && shape[2] * shape[3] > 1
}

function readsLate(node: Node, isLate: ReadonlySet<Node>): boolean {
  return cheap.has(node.operation) && presentInputs(node).some((input) => isLate.has(input.node) && isKept(input))
}

/** The maps of a node; the statistics of a BatchNorm are small and stay. */
function isKept({ node, index }: Tensor): boolean {
  return node.operation !== 'batchNorm' || index === 0 || index === 3
}

/** Steps from the loss into the backward pass; forward nodes have none. */
function depthsOf(live: readonly Node[], forward: ReadonlySet<Node>): ReadonlyMap<Node, number> {
  const depths = new Map<Node, number>()
  for (const node of live)
    if (!forward.has(node))
      depths.set(node, 1 + Math.max(0, ...presentInputs(node).map((input) => depths.get(input.node) ?? 0)))
  return depths
}

/** The input that is there last; undefined where none belongs to the backward pass. */
function lastOf(inputs: readonly Tensor[], depthOf: (tensor: Tensor) => number): Tensor | undefined {
  const last = inputs.toSorted((a, b) => depthOf(b) - depthOf(a)).at(0)
  return last !== undefined && depthOf(last) > 0 ? last : undefined
}

function recomputed(
  node: Node,
  after: Tensor,
  late: (input: Tensor) => Tensor,
  map: (tensor: Tensor) => Tensor,
): readonly Tensor[] {
  if (!isOperation(node, 'batchNorm')) return copyOf(node, mapInputs(node, late))
  const [y, preactivation] = normalizedAgain(node, after, late, map)
  const [, mean, variance] = node.outputs.map(map)
  return [y, mean, variance, preactivation]
}

function normalizedAgain(
  { inputs: [x, gamma, beta, skip, sampleScale], outputs, attributes, scope }: NodeOf<'batchNorm'>,
  after: Tensor,
  late: (input: Tensor) => Tensor,
  map: (tensor: Tensor) => Tensor,
): readonly Tensor[] {
  const [, mean, variance] = outputs.map(map)
  const inputs = [late(x), map(gamma), map(beta), mean, variance, after, skip && late(skip), sampleScale && map(sampleScale)] as const // prettier-ignore
  const { graph } = after
  graph.scope = `${scope}/again`
  return graph.emit('batchNormAgain', inputs, attributes, [x, x])
}

type Inputs = readonly (Tensor | undefined)[]

function mapInputs(node: Node, map: (tensor: Tensor) => Tensor): Inputs {
  return (node.inputs as Inputs).map((input) => input && map(input))
}

function copyOf(node: Node, inputs: Inputs, attributes: Node['attributes'] = node.attributes): readonly Tensor[] {
  const { graph } = inputs.find((input) => input !== undefined)!
  graph.scope = node.scope
  return graph.emit(node.operation, inputs as never, attributes, node.outputs)
}
