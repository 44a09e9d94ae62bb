import type { OperationName } from './operations.ts'
import { presentInputs, type Graph, type Node, type NodeOf, type Tensor } from './tensor.ts'

/** What a BatchNorm folded into the convolution before it asks of the weights: W·γ/√(σ²+ε), β + (b−μ)·γ/√(σ²+ε). */
export interface BatchNormFold {
  readonly weight: string
  /** Name of the new bias parameter. */
  readonly bias: string
  readonly convolutionBias?: string | undefined
  readonly gamma: string
  readonly beta: string
  readonly mean: string
  readonly variance: string
  readonly epsilon: number
}

/** A graph with the names under which its results leave it. An engine turns it into something that runs. */
export interface Program {
  readonly graph: Graph
  /** Results by name: loss, parts, confusion, labels… */
  readonly outputs: ReadonlyMap<string, Tensor>
  /** Trainable tensors and the gradient of each; the gradients leave as one flat vector. */
  readonly gradients: readonly { readonly parameter: Tensor; readonly gradient: Tensor }[]
  /** New values of buffers (running statistics), by buffer name. */
  readonly updates: ReadonlyMap<string, Tensor>
  readonly folds: readonly BatchNormFold[]
}

export function program(graph: Graph, parts: Partial<Omit<Program, 'graph'>>): Program {
  return { graph, outputs: new Map(), gradients: [], updates: new Map(), folds: [], ...parts }
}

/** Every tensor that leaves the program. */
function results({ outputs, gradients, updates }: Program): readonly Tensor[] {
  return [...outputs.values(), ...gradients.map(({ gradient }) => gradient), ...updates.values()]
}

/** The nodes that the results depend on, in topological order; everything else is dead. */
export function liveNodes(source: Program): readonly Node[] {
  const live = new Set<Node>(results(source).map(({ node }) => node))
  for (const node of source.graph.nodes.toReversed())
    if (live.has(node)) presentInputs(node).forEach((input) => live.add(input.node))
  return source.graph.nodes.filter((node) => live.has(node))
}

/** Every node that the tensors depend on. */
export function ancestors(tensors: readonly Tensor[]): ReadonlySet<Node> {
  const found = new Set<Node>()
  const waiting = tensors.map(({ node }) => node)
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (found.has(node)) continue
    found.add(node)
    presentInputs(node).forEach((input) => waiting.push(input.node))
  }
  return found
}

export function isOperation<K extends OperationName>(node: Node, operation: K): node is Extract<Node, NodeOf<K>> {
  return node.operation === operation
}
