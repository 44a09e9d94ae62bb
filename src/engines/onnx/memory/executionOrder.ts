import type { OnnxNode } from '../emitter.ts'

/**
 * The order in which the runtime's sequential executor takes the nodes: from each node that nobody reads, the last one of
 * the file first, depth first to what it needs, again the last one of the file first (ONNX Runtime 1.30, graph_viewer.cc).
 * A weight gradient is therefore computed when it is the last one still missing, not where it stands in the file.
 */
export function executionOrder(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const producers = new Map(nodes.flatMap((node, index) => node.outputs.map((output) => [output, index] as const)))
  const needs = nodes.map(({ inputs }) => {
    const found = inputs.map((input) => producers.get(input)).filter((index) => index !== undefined)
    return [...new Set(found)].toSorted((a, b) => a - b)
  })
  const isRead = new Set(needs.flat())
  const order: OnnxNode[] = []
  const visited = new Set<number>()
  const stack = nodes.flatMap((_, index) => (isRead.has(index) ? [] : [{ index, isLeaving: false }]))
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { index, isLeaving } = entry
    if (isLeaving) order.push(nodes[index])
    else if (!visited.has(index)) {
      visited.add(index)
      stack.push({ index, isLeaving: true }, ...needs[index].map((each) => ({ index: each, isLeaving: false })))
    }
  }
  return order
}
