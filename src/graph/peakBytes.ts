import { liveNodes, type Program } from './program.ts'
import { elementBytes, presentInputs, size, type Tensor } from './tensor.ts'

/**
 * Bytes that must be in memory at the same time when the nodes run in their order: each value from its making to its last
 * reader; inputs, parameters and results throughout. What an engine keeps beside them comes on top.
 */
export function peakBytes(source: Program): number {
  const nodes = liveNodes(source)
  const lastReader = new Map<Tensor, number>()
  for (const [index, node] of nodes.entries()) for (const input of presentInputs(node)) lastReader.set(input, index)
  for (const output of source.outputs.values()) lastReader.set(output, Infinity)
  const bytes = ({ dtype, shape }: Tensor): number => elementBytes(dtype) * size(shape)
  let [held, peak] = [0, 0]
  nodes.forEach((node, index) => {
    for (const output of node.outputs) held += bytes(output)
    peak = Math.max(peak, held)
    for (const input of new Set(presentInputs(node)))
      if (lastReader.get(input) === index && presentInputs(input.node).length > 0) held -= bytes(input)
  })
  return peak
}
