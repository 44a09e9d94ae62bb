import { multiplyAdd } from '../../graph/elementwise.ts'
import { program, type Program } from '../../graph/program.ts'
import { input } from '../../graph/sources.ts'
import { Graph } from '../../graph/tensor.ts'

/** sum + weight · gradient over flat vectors. */
export function accumulation(length: number): Program {
  const graph = new Graph()
  const flat = (name: string) => input(graph, name, [length])
  const sum = multiplyAdd(input(graph, 'weight', [1]), flat('gradient'), flat('sum'))
  return program(graph, { outputs: new Map([['next:sum', sum]]) })
}
