import { describe, expect, it } from 'vitest'
import { lowerGpu } from '../../src/engines/onnx/gpu/lowerGpu.ts'
import { programMemory } from '../../src/engines/onnx/memory/programMemory.ts'
import type { OperationName } from '../../src/graph/operations.ts'
import { ancestors, isOperation, liveNodes, type Program } from '../../src/graph/program.ts'
import { elementBytes, isHalf, presentInputs, size, type Node, type Tensor } from '../../src/graph/tensor.ts'
import { trainingProgram } from '../../src/train/programs.ts'
import type { Precision } from '../../src/core/experiment.ts'
import { smallUnet } from '../train/smallUnet.ts'

const shape = { batch: 2, height: 64, width: 64, classes: 3 }

function built(encoder: string, precision: Precision): Program {
  return trainingProgram(smallUnet(encoder), [{ name: 'CrossEntropyLoss', weight: 1 }], shape, { precision }).gradient
}

/** What computes in half precision; weight gradients are sums over all pixels, and stay float32. */
const inHalf: ReadonlySet<OperationName> = new Set([
  ...(['conv2d', 'conv2dInputGradient', 'depthwiseConv2d', 'depthwiseConv2dInputGradient'] as const),
  ...(['upsampleConv2d', 'upsampleConv2dInputGradient'] as const),
])

// ReLU with skip connections, SiLU with squeeze and excitation, ReLU6.
describe.each(['resnet18', 'efficientnet-b0', 'mobilenet_v2'])('mixed precision, %s', (encoder) => {
  const { graph, ...source } = built(encoder, 'fp16')
  const nodes = liveNodes({ graph, ...source })
  const forward = ancestors([...source.outputs.values(), ...source.updates.values()])

  it('computes every convolution in half and everything else in float32', () => {
    const isInHalf = (node: Node): boolean => [...presentInputs(node), ...node.outputs].every(({ dtype }) => isHalf(dtype)) // prettier-ignore
    const touchesHalf = (node: Node): boolean => [...presentInputs(node), ...node.outputs].some(({ dtype }) => isHalf(dtype)) // prettier-ignore
    expect(nodes.filter(isInHalf).length).toBeGreaterThan(40)
    for (const node of nodes) {
      if (inHalf.has(node.operation)) expect([node.scope, isInHalf(node)]).toEqual([node.scope, true])
      // Where gradients in half precision meet, their sum is float32.
      else if (isOperation(node, 'binary')) expect(node.outputs[0].dtype).toBe('float32')
      else if (node.operation !== 'cast') expect([node.operation, touchesHalf(node)]).toEqual([node.operation, false])
    }
  })

  it('gives float32: results, statistics and the gradient of every parameter that float32 gives one', () => {
    const results = [...source.outputs.values(), ...source.updates.values()]
    expect(new Set(results.map(({ dtype }) => dtype))).toEqual(new Set(['float32']))
    expect(source.gradients.every(({ gradient }) => gradient.dtype === 'float32')).toBe(true)
    const whole = built(encoder, 'fp32')
    const names = (each: Program) =>
      each.gradients.map(({ parameter: { node } }) => (isOperation(node, 'parameter') ? node.attributes : undefined))
    expect(names({ graph, ...source })).toEqual(names(whole))
  })

  it('keeps no float32 for the backward pass that is there as a half', () => {
    const late = nodes.filter((node) => !forward.has(node))
    const read = late.flatMap((node) => presentInputs(node).map(({ node: maker }) => maker))
    const widened = read.filter((maker) => isOperation(maker, 'cast') && maker.attributes.to === 'float32' && forward.has(maker)) // prettier-ignore
    expect(widened).toEqual([])
  })

  it('keeps fewer bytes of maps between forward and backward pass than float32, and little more while it runs', () => {
    const kept = (each: Program): number => {
      const before = ancestors([...each.outputs.values(), ...each.updates.values()])
      const late = liveNodes(each).filter((node) => !before.has(node))
      const isMap = ({ node, shape: [images, ...rest] }: Tensor): boolean =>
        before.has(node) && node.inputs.length > 0 && images === shape.batch && rest.length === 3
      const tensors = new Set(late.flatMap(presentInputs).filter(isMap))
      return [...tensors].reduce((sum, { dtype, shape: extents }) => sum + elementBytes(dtype) * size(extents), 0)
    }
    const [whole, half] = (['fp32', 'fp16'] as const).map((precision) => built(encoder, precision))
    expect(kept(half) / kept(whole)).toBeLessThan(1)
    // The weights are there as halves as well, which shows where maps are small.
    const activations = (each: Program): number => programMemory(lowerGpu(each)).activationBytes
    expect(activations(half) / activations(whole)).toBeLessThan(1.2)
  })
})
