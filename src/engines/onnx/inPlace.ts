import { isOperation, type Program } from '../../graph/program.ts'
import { presentInputs, type Node } from '../../graph/tensor.ts'

/**
 * Makes sure that every `next:X` may be written over its input `X`: whoever reads X comes before the operation that writes
 * next:X, or is that operation (which goes element by element). Half the memory of the optimizer, and no second stream
 * of writes.
 * @throws Error where an optimizer reads a vector after it would have been replaced: a bug in its declaration
 */
export function checkInPlace({ graph, outputs }: Program): void {
  const inputs = new Map(
    graph.nodes.flatMap((node) =>
      isOperation(node, 'input') ? [[node.attributes.name, node.outputs[0]] as const] : [],
    ),
  )
  for (const [name, result] of outputs) {
    const replaced = name.startsWith('next:') ? inputs.get(name.slice('next:'.length)) : undefined
    if (replaced === undefined) continue
    const before = ancestors(result.node)
    const late = graph.nodes.find((node) => presentInputs(node).includes(replaced) && !before.has(node))
    if (late !== undefined) throw new Error(`${name} would be written before ${late.operation} has read its input`)
  }
}

function ancestors(node: Node): ReadonlySet<Node> {
  const found = new Set<Node>()
  const waiting = [node]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    found.add(next)
    presentInputs(next).forEach((input) => waiting.push(input.node))
  }
  return found
}
