import { describe, expect, it } from 'vitest'
import { checkInPlace } from '../../../src/engines/onnx/inPlace.ts'
import { add, multiply } from '../../../src/graph/elementwise.ts'
import { program } from '../../../src/graph/program.ts'
import { input } from '../../../src/graph/sources.ts'
import { Graph } from '../../../src/graph/tensor.ts'

describe('writing over an input', () => {
  const graph = new Graph()
  const [x, y] = ['x', 'y'].map((name) => input(graph, name, [4]))

  it('is allowed where everything that reads it comes before', () => {
    const next = add(multiply(x, 0.5), x)
    expect(() => {
      checkInPlace(program(graph, { outputs: new Map([['next:x', next]]) }))
    }).not.toThrow()
  })

  it('is refused where somebody may read it afterwards', () => {
    const outputs = new Map([
      ['next:x', multiply(x, 0.5)],
      ['next:y', add(y, x)],
    ])
    expect(() => {
      checkInPlace(program(graph, { outputs }))
    }).toThrow('next:x would be written before binary has read its input')
  })
})
