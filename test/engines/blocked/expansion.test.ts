import { describe, expect, it } from 'vitest'
import { stream } from '../../../src/core/random.ts'
import { lowerBlocked } from '../../../src/engines/onnx/blocked/lowerBlocked.ts'
import { probeBlockSize } from '../../../src/engines/onnx/blockSize.ts'
import { lowerPlain } from '../../../src/engines/onnx/plain/lowerPlain.ts'
import { conv2d } from '../../../src/graph/convolution.ts'
import { activation, add, multiply, total } from '../../../src/graph/elementwise.ts'
import { batchNorm } from '../../../src/graph/normalization.ts'
import { addGradients } from '../../../src/graph/passes/addGradients.ts'
import { program, type Program } from '../../../src/graph/program.ts'
import { input, parameter } from '../../../src/graph/sources.ts'
import { Graph, size, type Shape } from '../../../src/graph/tensor.ts'
import { runLowered } from '../runLowered.ts'

const block = await probeBlockSize()
const [N, I, O, H, W] = [2, 11, 69, 64, 64]

/** A widening 1×1 convolution with BatchNorm and activation; `isShared` makes its input's gradient a sum. */
function expandingProgram(kind: 'identity' | 'relu' | 'relu6' | 'silu', isShared: boolean): Program {
  const graph = new Graph()
  const narrow = conv2d(input(graph, 'image', [N, I, H, W]), parameter(graph, 'before', [I, I, 1, 1]))
  const wide = conv2d(narrow, parameter(graph, 'weight', [O, I, 1, 1]))
  const normalized = batchNorm(wide, parameter(graph, 'gamma', [O]), parameter(graph, 'beta', [O]), {
    epsilon: 1e-3,
    activation: 'identity',
  })
  const y = kind === 'identity' ? normalized.y : activation(kind, normalized.y)
  const loss = total(multiply(y, input(graph, 'weighting', [N, O, H, W])))
  const other = total(multiply(narrow, input(graph, 'narrowWeighting', [N, I, H, W])))
  return program(graph, { outputs: new Map([['loss', isShared ? add(loss, other) : loss]]) })
}

describe.skipIf(block === 1)('a convolution that widens before a BatchNorm', () => {
  const forms = (['identity', 'relu', 'relu6', 'silu'] as const).flatMap((kind) =>
    [false, true].map((isShared) => ({ kind, isShared })),
  )
  it.each(forms)('$kind, input read elsewhere: $isShared: equal to the plain form', async ({ kind, isShared }) => {
    const source = addGradients(expandingProgram(kind, isShared))
    const lowered = lowerBlocked(source, block)
    // The products of the narrow channels: nothing else here multiplies matrices that way.
    expect(lowered.emitter.nodes.some(({ type }) => type === 'FusedMatMul')).toBe(true)
    const random = stream(7, 'expansion')
    const numbers = (shape: Shape): Float32Array =>
      Float32Array.from({ length: size(shape) }, () => random.normal() + 0.5)
    const shapes: Record<string, Shape> = { before: [I, I, 1, 1], weight: [O, I, 1, 1], gamma: [O], beta: [O] }
    const feeds = {
      parameters: new Map(Object.entries(shapes).map(([name, shape]) => [name, numbers(shape)])),
      data: new Map([
        ['image', numbers([N, I, H, W])],
        ['weighting', numbers([N, O, H, W])],
        ...(isShared ? [['narrowWeighting', numbers([N, I, H, W])] as const] : []),
      ]),
    }
    const expected = await runLowered(lowerPlain(source), feeds)
    const results = await runLowered(lowered, feeds)
    for (const [name, gradient] of expected.gradients) {
      const scale = Math.sqrt(gradient.reduce((sum, value) => sum + value ** 2, 0) / gradient.length)
      results.gradients.get(name)!.forEach((value, index) => {
        expect(Math.abs(value - gradient[index]), `${name}[${index}]`).toBeLessThan(2e-3 * scale)
      })
    }
  })
})
