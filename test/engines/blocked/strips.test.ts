import { describe, expect, it } from 'vitest'
import { stream } from '../../../src/core/random.ts'
import { lowerBlocked } from '../../../src/engines/onnx/blocked/lowerBlocked.ts'
import { probeBlockSize } from '../../../src/engines/onnx/blockSize.ts'
import { lowerPlain } from '../../../src/engines/onnx/plain/lowerPlain.ts'
import { conv2d, symmetricPads } from '../../../src/graph/convolution.ts'
import { multiply, total } from '../../../src/graph/elementwise.ts'
import { addGradients } from '../../../src/graph/passes/addGradients.ts'
import { program } from '../../../src/graph/program.ts'
import { input, parameter } from '../../../src/graph/sources.ts'
import { Graph } from '../../../src/graph/tensor.ts'
import { runLowered } from '../runLowered.ts'

const block = await probeBlockSize()

/** Maps so large that the blocked weight gradient is cut into strips, or takes the smaller tensor as its kernel. */
const cases = [
  { name: 'one block at full resolution', inputs: 5, outputs: 7, extent: 256 },
  { name: 'more inputs than fit into the cache', inputs: 40, outputs: 9, extent: 256 },
]

describe.skipIf(block === 1)('weight gradients of large maps', () => {
  it.each(cases)('$name: equal to the plain form', async ({ inputs, outputs, extent }) => {
    const random = stream(5, 'strips')
    const graph = new Graph()
    const x = input(graph, 'x', [2, inputs, extent, extent])
    const before = conv2d(x, parameter(graph, 'before', [inputs, inputs, 1, 1]))
    const y = conv2d(before, parameter(graph, 'weight', [outputs, inputs, 3, 3]), { pads: symmetricPads(1) })
    const weighting = input(graph, 'weighting', [2, outputs, extent, extent])
    const source = addGradients(program(graph, { outputs: new Map([['loss', total(multiply(y, weighting))]]) }))
    const numbers = (length: number) => Float32Array.from({ length }, () => random.normal())
    const feeds = {
      parameters: new Map([
        ['before', numbers(inputs * inputs)],
        ['weight', numbers(outputs * inputs * 9)],
      ]),
      data: new Map([
        ['x', numbers(2 * inputs * extent * extent)],
        ['weighting', numbers(2 * outputs * extent * extent)],
      ]),
    }
    const expected = (await runLowered(lowerPlain(source), feeds)).gradients.get('weight')!
    const gradient = (await runLowered(lowerBlocked(source, block), feeds)).gradients.get('weight')!
    const scale = Math.sqrt(expected.reduce((sum, value) => sum + value ** 2, 0) / expected.length)
    gradient.forEach((value, index) => {
      expect(Math.abs(value - expected[index])).toBeLessThan(1e-3 * scale)
    })
  })
})
