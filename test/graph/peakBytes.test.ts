import { expect, it } from 'vitest'
import { activation, add } from '../../src/graph/elementwise.ts'
import { peakBytes } from '../../src/graph/peakBytes.ts'
import { program } from '../../src/graph/program.ts'
import { input } from '../../src/graph/sources.ts'
import { Graph, type Tensor } from '../../src/graph/tensor.ts'

const bytes = 4 * 100

function chain(length: number, ends: (first: Tensor, last: Tensor) => Tensor): number {
  const x = input(new Graph(), 'x', [1, 1, 10, 10])
  const first = activation('relu', x)
  let last = first
  for (let index = 1; index < length; index++) last = activation('relu', last)
  return peakBytes(program(x.graph, { outputs: new Map([['y', ends(first, last)]]) }))
}

it('the peak counts a value from its making to its last reader, and inputs always', () => {
  expect(chain(2, (_, last) => last)).toBe(3 * bytes)
  expect(chain(50, (_, last) => last)).toBe(3 * bytes)
  // The first stays for the sum at the end.
  expect(chain(50, (first, last) => add(first, last))).toBe(4 * bytes)
})
