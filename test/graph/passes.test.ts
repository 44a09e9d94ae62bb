import { describe, expect, it } from 'vitest'
import { lowerPlain } from '../../src/engines/onnx/plain/lowerPlain.ts'
import { affineChannels, concatChannels, scaleSamples } from '../../src/graph/channels.ts'
import { conv2d, depthwiseConv2d, symmetricPads } from '../../src/graph/convolution.ts'
import { activation, add, total } from '../../src/graph/elementwise.ts'
import { differentiate } from '../../src/graph/gradients.ts'
import { batchNorm, batchNormInference } from '../../src/graph/normalization.ts'
import type { OperationName } from '../../src/graph/operations.ts'
import { fuseBatchNorm } from '../../src/graph/passes/fuseBatchNorm.ts'
import { fuseConvolutions } from '../../src/graph/passes/fuseConvolutions.ts'
import { fuseGradientSums } from '../../src/graph/passes/fuseGradientSums.ts'
import { globalAveragePool } from '../../src/graph/pooling.ts'
import { liveNodes, program, type BatchNormFold, type Program } from '../../src/graph/program.ts'
import { upsampleNearest2x } from '../../src/graph/resize.ts'
import { input, parameter } from '../../src/graph/sources.ts'
import { Graph, size, type Shape, type Tensor } from '../../src/graph/tensor.ts'
import { Random } from '../engines/random.ts'
import { runLowered } from '../engines/runLowered.ts'

const sources: ReadonlySet<OperationName> = new Set(['input', 'parameter', 'constant'])
const pads = symmetricPads(1)

/** Operations that are left, sources aside, in order. */
function operations(source: Program): OperationName[] {
  return liveNodes(source)
    .map(({ operation }) => operation)
    .filter((operation) => !sources.has(operation))
}

/** A forward program under construction, and values for all that it reads. */
class Sketch {
  readonly graph = new Graph()
  readonly values = new Map<string, Float32Array>()
  private readonly random = new Random(5)

  private draw(name: string, shape: Shape): string {
    // Positive, so that it may stand for a variance too.
    this.values.set(name, this.random.values(size(shape), 0.1, 1))
    return name
  }

  map(name: string, ...shape: number[]): Tensor {
    return input(this.graph, this.draw(name, shape), shape)
  }

  weight(name: string, ...shape: number[]): Tensor {
    return parameter(this.graph, this.draw(name, shape), shape)
  }

  buffer(name: string, channels: number): Tensor {
    return input(this.graph, this.draw(name, [channels]), [channels], 'buffer')
  }

  norm(x: Tensor, name: string): Tensor {
    const channels = x.shape[1]
    const [gamma, beta] = [this.weight(`${name}.weight`, channels), this.weight(`${name}.bias`, channels)]
    return batchNorm(x, gamma, beta, { epsilon: 1e-3, activation: 'identity' }).y
  }

  inferenceNorm(x: Tensor, name: string): Tensor {
    const channels = x.shape[1]
    const [gamma, beta] = [this.weight(`${name}.weight`, channels), this.weight(`${name}.bias`, channels)]
    const statistics = [this.buffer(`${name}.mean`, channels), this.buffer(`${name}.variance`, channels)] as const
    return batchNormInference(x, gamma, beta, ...statistics, 1e-3)
  }

  program(y: Tensor): Program {
    return program(this.graph, { outputs: new Map([['y', y]]) })
  }

  async run(source: Program, parameters: ReadonlyMap<string, Float32Array> = this.values): Promise<number[]> {
    const { results } = await runLowered(lowerPlain(source), { parameters, data: this.values, buffers: this.values })
    return [...results.get('y')!]
  }
}

function expectEqual(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index], 4)
  })
}

describe('fuseBatchNorm', () => {
  it('takes stochastic depth, skip and activation into the normalisation', async () => {
    const make = new Sketch()
    const x = make.map('x', 2, 3, 4, 4)
    const scaled = scaleSamples(make.norm(x, 'bn'), make.map('factor', 2))
    const before = make.program(activation('silu', add(make.map('skip', 2, 3, 4, 4), scaled)))
    const after = fuseBatchNorm(before)
    expect(operations(before)).toEqual(['batchNorm', 'scaleSamples', 'binary', 'activation'])
    expect(operations(after)).toEqual(['batchNorm'])
    expectEqual(await make.run(after), await make.run(before))
  })

  it('leaves alone what somebody else reads', async () => {
    const make = new Sketch()
    const y = make.norm(make.map('x', 2, 3, 4, 4), 'bn')
    const before = make.program(add(activation('relu', y), y))
    const after = fuseBatchNorm(before)
    expect(operations(after)).toEqual(['batchNorm', 'activation', 'binary'])
    expectEqual(await make.run(after), await make.run(before))
  })

  it('leaves alone what is a result', () => {
    const make = new Sketch()
    const y = make.norm(make.map('x', 2, 3, 4, 4), 'bn')
    const outputs = new Map([
      ['y', activation('relu', y)],
      ['features', y],
    ])
    expect(operations(fuseBatchNorm(program(make.graph, { outputs })))).toEqual(['batchNorm', 'activation'])
  })

  it('gives a sum of two normalisations to one of them', async () => {
    const make = new Sketch()
    const [a, b] = [make.norm(make.map('a', 2, 3, 4, 4), 'a.bn'), make.norm(make.map('b', 2, 3, 4, 4), 'b.bn')]
    const before = make.program(activation('relu', add(a, b)))
    const after = fuseBatchNorm(before)
    expect(operations(after)).toEqual(['batchNorm', 'batchNorm'])
    expectEqual(await make.run(after), await make.run(before))
  })
})

describe('fuseConvolutions', () => {
  it('splits a convolution over upsampled ⧺ skip, the upsampled part at low resolution', async () => {
    const make = new Sketch()
    const concatenated = concatChannels([upsampleNearest2x(make.map('x', 2, 5, 3, 4)), make.map('skip', 2, 3, 6, 8)])
    const before = make.program(conv2d(concatenated, make.weight('w', 4, 8, 3, 3), { pads, bias: make.weight('b', 4) }))
    const after = fuseConvolutions(before)
    expect(operations(before)).toEqual(['upsampleNearest2x', 'concatChannels', 'conv2d'])
    expect(operations(after)).toEqual(['upsampleConv2d', 'conv2d'])
    expectEqual(await make.run(after), await make.run(before))
  })

  it.each([
    ['three parts, one of them upsampled', 3, 1],
    ['1×1 kernels, where upsampling stays', 1, 0],
  ])('splits a concatenation: %s', async (_, kernel, pad) => {
    const make = new Sketch()
    const parts = [make.map('a', 1, 2, 6, 6), upsampleNearest2x(make.map('b', 1, 3, 3, 3)), make.map('c', 1, 4, 6, 6)]
    const weight = make.weight('w', 5, 9, kernel, kernel)
    const before = make.program(conv2d(concatChannels(parts), weight, { pads: symmetricPads(pad) }))
    const after = fuseConvolutions(before)
    expect(operations(after)).not.toContain('concatChannels')
    expect(operations(after).includes('upsampleConv2d')).toBe(kernel === 3)
    expectEqual(await make.run(after), await make.run(before))
  })

  it('leaves a concatenation alone that somebody else reads', () => {
    const make = new Sketch()
    const both = concatChannels([make.map('a', 1, 2, 4, 4), make.map('b', 1, 2, 4, 4)])
    const before = make.program(add(conv2d(both, make.weight('w', 4, 4, 3, 3), { pads }), both))
    expect(operations(fuseConvolutions(before))).toEqual(operations(before))
  })

  it('keeps the sum and activation of a convolution that has them already', async () => {
    const make = new Sketch()
    const [x, sum] = [make.map('x', 1, 2, 4, 4), make.map('sum', 1, 3, 4, 4)]
    const y = conv2d(x, make.weight('w', 3, 2, 3, 3), { pads, sum, activation: 'silu' })
    const before = make.program(depthwiseConv2d(y, make.weight('d', 3, 1, 3, 3), { pads, activation: 'relu6' }))
    expectEqual(await make.run(fuseConvolutions(before)), await make.run(before))
  })

  it.each([
    ['conv2d', true, ['conv2d']],
    ['conv2d', false, ['conv2d']],
    ['depthwiseConv2d', false, ['depthwiseConv2d']],
    ['depthwiseConv2d', true, ['depthwiseConv2d', 'binary', 'activation']],
  ])('folds running statistics into %s (skip: %j)', async (kind, hasSkip, left) => {
    const make = new Sketch()
    const x = make.map('x', 2, 4, 5, 5)
    const bias = make.weight('b', 4)
    const map =
      kind === 'conv2d'
        ? conv2d(x, make.weight('w', 4, 4, 3, 3), { pads, bias })
        : depthwiseConv2d(x, make.weight('w', 4, 1, 3, 3), { pads, bias })
    const normalized = make.inferenceNorm(map, 'bn')
    const before = make.program(
      activation('relu', hasSkip ? add(normalized, make.map('skip', 2, 4, 5, 5)) : normalized),
    )
    const after = fuseConvolutions(before)
    expect(operations(after)).toEqual(left)
    expect(after.folds).toHaveLength(1)
    expectEqual(await make.run(after, folded(make.values, after.folds[0])), await make.run(before))
  })
})

/** W·γ/√(σ²+ε) and β + (b−μ)·γ/√(σ²+ε) in place of the convolution's own. */
function folded(values: ReadonlyMap<string, Float32Array>, fold: BatchNormFold): ReadonlyMap<string, Float32Array> {
  const of = (name: string): Float32Array => values.get(name)!
  const scale = of(fold.gamma).map((gamma, c) => gamma / Math.sqrt(of(fold.variance)[c] + fold.epsilon))
  const weight = of(fold.weight)
  const taps = weight.length / scale.length
  const shift = of(fold.beta).map((beta, c) => beta + (of(fold.convolutionBias!)[c] - of(fold.mean)[c]) * scale[c])
  return new Map([
    ...values,
    [fold.weight, weight.map((value, index) => value * scale[Math.floor(index / taps)])],
    [fold.bias, shift],
  ])
}

describe('fuseGradientSums', () => {
  const gradientOf = (make: Sketch, x: Tensor, y: Tensor): Program =>
    make.program(differentiate(total(activation('silu', y)), [x]).get(x)!)

  it('adds the gradient of a skip connection inside the convolution', async () => {
    const make = new Sketch()
    const x = make.map('x', 1, 3, 4, 4)
    const before = gradientOf(make, x, add(conv2d(x, make.weight('w', 3, 3, 3, 3), { pads }), x))
    const after = fuseGradientSums(before)
    expect(operations(before)).toHaveLength(operations(after).length + 1)
    expect(operations(after).at(-1)).toBe('conv2dInputGradient')
    expectEqual(await make.run(after), await make.run(before))
  })

  it('makes the pooled gradient of a gate the shift of the scaling', async () => {
    const make = new Sketch()
    const x = make.map('x', 2, 3, 4, 4)
    const before = gradientOf(make, x, affineChannels(x, activation('sigmoid', globalAveragePool(x))))
    const after = fuseGradientSums(before)
    expect(operations(before)).toContain('spread')
    expect(operations(after)).not.toContain('spread')
    expectEqual(await make.run(after), await make.run(before))
  })
})
