import { program, type Program } from '../program.ts'
import { Graph, type Node, type Tensor } from '../tensor.ts'

/** Makes a node's outputs in the new graph from tensors of the old one. */
export type Replacement = (map: (tensor: Tensor) => Tensor) => readonly (Tensor | undefined)[]

/**
 * Rebuilds a program in a fresh graph, by demand from its results: nodes that `replacements` names are made by their
 * replacement, all others are copied, and what nobody asks for any more disappears.
 */
export function rewrite(source: Program, plan: (target: Graph) => ReadonlyMap<Node, Replacement>): Program {
  const target = new Graph()
  const replacements = plan(target)
  const made = new Map<Node, readonly (Tensor | undefined)[]>()

  const map = (tensor: Tensor): Tensor => {
    const { node } = tensor
    let outputs = made.get(node)
    if (outputs === undefined) {
      outputs = replacements.get(node)?.(map) ?? copy(node)
      made.set(node, outputs)
    }
    const output = outputs[tensor.index]
    if (output === undefined)
      throw new Error(`${node.operation} was fused away but output ${tensor.index} is still read`)
    return output
  }
  const copy = (node: Node): readonly Tensor[] => {
    const inputs = (node.inputs as readonly (Tensor | undefined)[]).map((input) => input && map(input))
    target.scope = node.scope
    return target.emit(node.operation, inputs as never, node.attributes, node.outputs)
  }

  const mapValues = (tensors: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> =>
    new Map(Array.from(tensors, ([name, tensor]) => [name, map(tensor)]))
  return program(target, {
    outputs: mapValues(source.outputs),
    gradients: source.gradients.map(({ parameter, gradient }) => ({
      parameter: map(parameter),
      gradient: map(gradient),
    })),
    updates: mapValues(source.updates),
    folds: source.folds,
  })
}

/** Evaluates once, for a group of nodes that one fused operation stands for. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

/** Who reads a tensor; a result of the program reads it too, and then it cannot be fused away. */
export class Readers {
  private readonly nodes = new Map<Tensor, Node[]>()
  private readonly results: ReadonlySet<Tensor>

  constructor(source: Program, live: readonly Node[]) {
    for (const node of live)
      for (const input of node.inputs as readonly (Tensor | undefined)[])
        if (input) this.nodes.set(input, [...(this.nodes.get(input) ?? []), node])
    this.results = new Set([
      ...source.outputs.values(),
      ...source.updates.values(),
      ...source.gradients.map(({ gradient }) => gradient),
    ])
  }

  /** All nodes that read the tensor; none where it leaves the program, since nobody knows who reads it there. */
  of(tensor: Tensor): readonly Node[] {
    return this.results.has(tensor) ? [] : (this.nodes.get(tensor) ?? [])
  }

  /** The one node that reads the tensor, if there is just one. */
  only(tensor: Tensor): Node | undefined {
    const readers = this.of(tensor)
    return readers.length === 1 ? readers[0] : undefined
  }
}
