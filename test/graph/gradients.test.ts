import { describe, expect, it } from 'vitest'
import { lowerPlain } from '../../src/engines/onnx/plain/lowerPlain.ts'
import { scaleSamples } from '../../src/graph/channels.ts'
import { conv2d } from '../../src/graph/convolution.ts'
import { activation, add, greater, multiply, reduceSum, subtract, total } from '../../src/graph/elementwise.ts'
import { differentiate } from '../../src/graph/gradients.ts'
import { globalAveragePool } from '../../src/graph/pooling.ts'
import { liveNodes, program } from '../../src/graph/program.ts'
import { constant, input, parameter } from '../../src/graph/sources.ts'
import { Graph, size, type Shape, type Tensor } from '../../src/graph/tensor.ts'
import { runLowered } from '../engines/runLowered.ts'

const ones = (shape: Shape): Float32Array => new Float32Array(size(shape)).fill(1)

/** d loss / d x as the flat gradient of parameters, for values that count 1, 2, 3 … */
async function slopes(
  shapes: Readonly<Record<string, Shape>>,
  loss: (...sources: Tensor[]) => Tensor,
): Promise<number[][]> {
  const graph = new Graph()
  const sources = Object.entries(shapes).map(([name, shape]) => parameter(graph, name, shape))
  const found = differentiate(loss(...sources), sources)
  const gradients = sources.map((source) => ({ parameter: source, gradient: found.get(source)! }))
  const values = Object.entries(shapes).map(
    ([name, shape]) => [name, ones(shape).map((_, index) => index + 1)] as const,
  )
  const results = await runLowered(lowerPlain(program(graph, { gradients })), { parameters: new Map(values) })
  return Object.keys(shapes).map((name) => [...results.gradients.get(name)!])
}

describe('differentiate', () => {
  it('sums over the axes along which an input was repeated', async () => {
    const [da, db] = await slopes({ a: [2, 3], b: [3] }, (a, b) => total(multiply(a, b)))
    expect(da).toEqual([1, 2, 3, 1, 2, 3])
    expect(db).toEqual([5, 7, 9])
  })

  it('counts the repetitions where the gradient itself is a single number', async () => {
    const [da, db, dc] = await slopes({ a: [2, 3], b: [3], c: [1] }, (a, b, c) => total(add(add(a, b), c)))
    expect(da).toEqual([1, 1, 1, 1, 1, 1])
    expect(db).toEqual([2, 2, 2])
    expect(dc).toEqual([6])
  })

  it('sums along both inputs where each is repeated along the axis of the other', async () => {
    const [da, db] = await slopes({ a: [2, 1], b: [1, 3] }, (a, b) => total(subtract(a, b)))
    expect(da).toEqual([3, 3])
    expect(db).toEqual([-2, -2, -2])
  })

  it('passes a single number back through a partial sum', async () => {
    const [da, db] = await slopes({ a: [2, 3], b: [2] }, (a, b) => total(add(reduceSum(a, [1]), b)))
    expect(da).toEqual([1, 1, 1, 1, 1, 1])
    expect(db).toEqual([1, 1])
  })

  it('expands it where an operation wants the whole map', async () => {
    const [dw] = await slopes({ w: [2, 2, 1, 1] }, (w) => {
      const x = constant(w.graph, Float32Array.of(1, 2, 3, 4), [1, 2, 1, 2])
      return total(scaleSamples(conv2d(x, w), constant(w.graph, Float32Array.of(2), [1])))
    })
    expect(dw).toEqual([6, 14, 6, 14])
  })

  it('adds the gradients of all readers', async () => {
    const [da] = await slopes({ a: [3] }, (a) => total(add(multiply(a, a), multiply(3, a))))
    expect(da).toEqual([5, 7, 9])
  })

  it('lets none through comparisons, and none to what the loss does not read', () => {
    const graph = new Graph()
    const [a, b, c] = ['a', 'b', 'c'].map((name) => parameter(graph, name, [3]))
    const found = differentiate(total(multiply(greater(a, 0), b)), [a, b, c])
    expect([...found.keys()]).toEqual([b])
  })

  it('computes no gradient of a map that nobody asks for', () => {
    const graph = new Graph()
    const [x, w] = [input(graph, 'x', [1, 3, 4, 4]), parameter(graph, 'w', [2, 3, 3, 3])]
    const gradient = differentiate(total(activation('relu', conv2d(x, w))), [w]).get(w)!
    const operations = liveNodes(program(graph, { outputs: new Map([['dw', gradient]]) })).map(
      ({ operation }) => operation,
    )
    expect(operations).toContain('conv2dWeightGradient')
    expect(operations).not.toContain('conv2dInputGradient')
  })

  it('names the nodes it makes after those they belong to', () => {
    const graph = new Graph()
    const x = input(graph, 'x', [1, 3, 4, 4])
    graph.scope = 'head'
    const gradient = differentiate(total(globalAveragePool(x)), [x]).get(x)!
    expect(gradient.node.scope).toBe('head/gradient')
  })
})
