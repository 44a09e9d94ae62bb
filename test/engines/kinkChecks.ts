import { expect, it } from 'vitest'
import { activation, multiply, total } from '../../src/graph/elementwise.ts'
import { differentiate } from '../../src/graph/gradients.ts'
import { batchNorm } from '../../src/graph/normalization.ts'
import type { ActivationKind } from '../../src/graph/operations.ts'
import { maxPool2d } from '../../src/graph/pooling.ts'
import { program } from '../../src/graph/program.ts'
import { constant, input, parameter } from '../../src/graph/sources.ts'
import { Graph, size, type Shape, type Tensor } from '../../src/graph/tensor.ts'
import type { Run } from './runLowered.ts'

/** Where differences say nothing: the one-sided choices of torch. */
export function kinkChecks(run: Run): void {
  it('the first of equal maxima takes the whole gradient of a window', async () => {
    const shape = [1, 1, 4, 4]
    const pool = (x: Tensor): Tensor => maxPool2d(x, { kernel: 3, stride: 2, pad: 1 })
    const dx = await gradient(run, pool, new Float32Array(16), shape, [1, 2, 3, 4])
    expect([...dx]).toEqual([1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('a maximum shared by windows takes the sum of their gradients', async () => {
    const x = new Float32Array(25)
    x[12] = 1
    const pool = (map: Tensor): Tensor => maxPool2d(map, { kernel: 3, stride: 2, pad: 1 })
    const dx = await gradient(run, pool, x, [1, 1, 5, 5], [0, 0, 0, 0, 7, 0, 0, 0, 0])
    expect(dx[12]).toBe(7)
    const overlapping = (map: Tensor): Tensor => maxPool2d(map, { kernel: 3, stride: 1, pad: 0 })
    const sum = await gradient(run, overlapping, x, [1, 1, 5, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(sum[12]).toBe(45)
  })

  it.each<[ActivationKind, number[], number[]]>([
    ['relu', [-1, -0, 0, 1e-20, 1], [0, 0, 0, 1, 1]],
    ['relu6', [-1, 0, 1e-20, 5.999999, 6, 7], [0, 0, 1, 1, 0, 0]],
  ])('%s of %j has slopes %j', async (kind, x, slopes) => {
    const shape = [1, 1, 1, x.length]
    const dx = await gradient(
      run,
      (map) => activation(kind, map),
      Float32Array.from(x),
      shape,
      new Array(x.length).fill(3),
    )
    expect([...dx]).toEqual(slopes.map((slope) => 3 * slope))
  })

  it('a channel without variance is normalised to β, and nothing is infinite', async () => {
    const graph = new Graph()
    const x = input(graph, 'x', [2, 3, 2, 2])
    const [gamma, beta] = [parameter(graph, 'gamma', [3]), parameter(graph, 'beta', [3])]
    const { y, variance } = batchNorm(x, gamma, beta, { epsilon: 1e-3, activation: 'identity' })
    const [slope] = differentiate(total(multiply(y, y)), [x]).values()
    const outputs = new Map([
      ['y', y],
      ['variance', variance],
      ['dx', slope],
    ])
    const { results } = await run(program(graph, { outputs }), {
      parameters: new Map([
        ['gamma', Float32Array.of(1, 2, 3)],
        ['beta', Float32Array.of(0.5, 0.25, -1)],
      ]),
      data: new Map([['x', new Float32Array(24).fill(3.3333)]]),
    })
    results.get('y')!.forEach((value, index) => {
      expect(value).toBeCloseTo([0.5, 0.25, -1][Math.floor(index / 4) % 3], 3)
    })
    results.get('variance')!.forEach((value) => {
      expect(value).toBeGreaterThanOrEqual(0)
    })
    expect(results.get('dx')!.every((value) => Number.isFinite(value))).toBe(true)
  })
}

/** d Σ y·slope / dx as a result. */
async function gradient(
  run: Run,
  build: (x: Tensor) => Tensor,
  values: Float32Array,
  shape: Shape,
  slope: readonly number[],
): Promise<ArrayLike<number> & Iterable<number>> {
  const graph = new Graph()
  const x = input(graph, 'x', shape)
  const y = build(x)
  if (size(y.shape) !== slope.length) throw new Error(`a slope of ${slope.length} for [${y.shape.join(', ')}]`)
  const loss = total(multiply(y, constant(graph, Float32Array.from(slope), y.shape)))
  const [dx] = differentiate(loss, [x]).values()
  const { results } = await run(program(graph, { outputs: new Map([['dx', dx]]) }), {
    data: new Map([['x', values]]),
  })
  return results.get('dx')!
}
