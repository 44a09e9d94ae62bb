import { describe, expect, it } from 'vitest'
import { stream } from '../../../src/core/random.ts'
import { lowerBlocked } from '../../../src/engines/onnx/blocked/lowerBlocked.ts'
import { probeBlockSize } from '../../../src/engines/onnx/blockSize.ts'
import { lowerPlain } from '../../../src/engines/onnx/plain/lowerPlain.ts'
import { conv2d, symmetricPads, type ConvolutionOptions } from '../../../src/graph/convolution.ts'
import { multiply, total } from '../../../src/graph/elementwise.ts'
import { addGradients } from '../../../src/graph/passes/addGradients.ts'
import { fuseConvolutions } from '../../../src/graph/passes/fuseConvolutions.ts'
import { program } from '../../../src/graph/program.ts'
import { upsampleNearest2x } from '../../../src/graph/resize.ts'
import { input, parameter } from '../../../src/graph/sources.ts'
import { Graph, size, type Shape } from '../../../src/graph/tensor.ts'
import { runLowered } from '../runLowered.ts'

const block = await probeBlockSize()

type Form = ConvolutionOptions & { readonly isUpsampled?: boolean }

/** Maps so large that the kernel of a blocked weight gradient is cut into strips. */
const cases = [
  { name: 'one block at full resolution', inputs: 5, outputs: 7, extent: 256, form: {} },
  { name: 'the input as the kernel, of several blocks', inputs: 40, outputs: 9, extent: 128, form: {} },
  { name: 'the output gradient as the kernel', inputs: 20, outputs: 40, extent: 128, form: {} },
  { name: 'stride 2', inputs: 20, outputs: 40, extent: 256, form: { stride: 2 } },
  { name: 'taps that lie apart', inputs: 20, outputs: 40, extent: 128, form: { dilation: 2, pads: symmetricPads(2) } },
  { name: 'over an upsampled map', inputs: 40, outputs: 9, extent: 128, form: { isUpsampled: true } },
]

describe.skipIf(block === 1)('weight gradients of large maps', () => {
  it.each(cases)('$name: equal to the plain form', async ({ inputs, outputs, extent, form }) => {
    const { isUpsampled = false, ...attributes }: Form = form
    const random = stream(5, 'strips')
    const graph = new Graph()
    const x = input(graph, 'x', [2, inputs, extent, extent])
    const before = conv2d(x, parameter(graph, 'before', [inputs, inputs, 1, 1]))
    const map = isUpsampled ? upsampleNearest2x(before) : before
    const y = conv2d(map, parameter(graph, 'weight', [outputs, inputs, 3, 3]), {
      pads: symmetricPads(1),
      ...attributes,
    })
    const weighting = input(graph, 'weighting', y.shape)
    const forward = program(graph, { outputs: new Map([['loss', total(multiply(y, weighting))]]) })
    const source = addGradients(fuseConvolutions(forward))
    const numbers = (shape: Shape): Float32Array => Float32Array.from({ length: size(shape) }, () => random.normal())
    const feeds = {
      parameters: new Map([
        ['before', numbers([inputs, inputs, 1, 1])],
        ['weight', numbers([outputs, inputs, 3, 3])],
      ]),
      data: new Map([
        ['x', numbers(x.shape)],
        ['weighting', numbers(y.shape)],
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
