import { describe, expect, it } from 'vitest'
import { affineChannels, channelDot, concatChannels } from '../../src/graph/channels.ts'
import {
  conv2d,
  depthwiseConv2d,
  samePadding,
  slidingExtent,
  symmetricPads,
  upsampleConv2d,
} from '../../src/graph/convolution.ts'
import { add, broadcastShape, multiplyAdd, reduceSum, reshape } from '../../src/graph/elementwise.ts'
import { pixelRows } from '../../src/graph/pixels.ts'
import { globalAveragePool, maxPool2d } from '../../src/graph/pooling.ts'
import { resize2d, resizeMatrix } from '../../src/graph/resize.ts'
import { constant, input } from '../../src/graph/sources.ts'
import { Graph, type Shape, type Tensor } from '../../src/graph/tensor.ts'

const graph = new Graph()
const tensor = (...shape: readonly number[]): Tensor => input(graph, `x${graph.nodes.length}`, shape)

describe('shapes', () => {
  it.each<[string, () => Tensor, Shape]>([
    [
      'conv2d',
      () => conv2d(tensor(2, 3, 7, 8), tensor(5, 3, 3, 3), { stride: 2, pads: symmetricPads(1) }),
      [2, 5, 4, 4],
    ],
    ['conv2d, dilated', () => conv2d(tensor(1, 3, 9, 9), tensor(5, 3, 3, 3), { dilation: 2 }), [1, 5, 5, 5]],
    [
      'depthwiseConv2d',
      () => depthwiseConv2d(tensor(1, 4, 8, 8), tensor(4, 1, 5, 5), { pads: [1, 2, 2, 1], stride: 2 }),
      [1, 4, 4, 4],
    ],
    ['upsampleConv2d', () => upsampleConv2d(tensor(1, 4, 3, 5), tensor(6, 4, 3, 3)), [1, 6, 6, 10]],
    ['maxPool2d', () => maxPool2d(tensor(1, 4, 7, 8), { kernel: 3, stride: 2, pad: 1 }), [1, 4, 4, 4]],
    ['globalAveragePool', () => globalAveragePool(tensor(2, 4, 7, 8)), [2, 4, 1, 1]],
    ['concatChannels', () => concatChannels([tensor(2, 4, 3, 3), tensor(2, 1, 3, 3)]), [2, 5, 3, 3]],
    ['channelDot', () => channelDot(tensor(2, 4, 3, 3), tensor(2, 4, 3, 3)), [2, 4, 1, 1]],
    ['pixelRows', () => pixelRows(tensor(2, 4, 3, 5)), [30, 4]],
    ['reduceSum', () => reduceSum(tensor(2, 4, 3), [1]), [2, 3]],
    ['reduceSum, dimensions kept', () => reduceSum(tensor(2, 4, 3), [1], true), [2, 1, 3]],
    ['reduceSum of everything', () => reduceSum(tensor(2, 4), [0, 1]), [1]],
    ['add', () => add(tensor(2, 1, 3), tensor(4, 1)), [2, 4, 3]],
  ])('%s', (_, build, shape) => {
    expect(build().shape).toEqual(shape)
  })

  it.each<[string, () => unknown, RegExp]>([
    ['weights of other channels', () => conv2d(tensor(1, 3, 8, 8), tensor(5, 4, 3, 3)), /3 channels for weights of 4/],
    ['a kernel larger than the map', () => conv2d(tensor(1, 3, 2, 8), tensor(5, 3, 3, 3)), /leaves nothing/],
    [
      'a sum of another shape',
      () => conv2d(tensor(1, 3, 8, 8), tensor(5, 3, 1, 1), { sum: tensor(1, 5, 4, 4) }),
      /another shape/,
    ],
    [
      'depthwise weights of other channels',
      () => depthwiseConv2d(tensor(1, 3, 8, 8), tensor(4, 1, 3, 3)),
      /do not fit/,
    ],
    ['maps of different sizes', () => concatChannels([tensor(1, 3, 8, 8), tensor(1, 3, 4, 4)]), /different sizes/],
    ['nothing to concatenate', () => concatChannels([]), /nothing/],
    ['products of different shapes', () => channelDot(tensor(1, 3, 8, 8), tensor(1, 3, 4, 4)), /differ/],
    ['shapes that do not broadcast', () => broadcastShape([2, 3], [4]), /\[2, 3\] and \[4\] do not broadcast/],
    ['a factor of several elements', () => multiplyAdd(tensor(2), tensor(4), tensor(4)), /do not fit/],
    ['a reshape of another size', () => reshape(tensor(2, 3), [7]), /\[2, 3\] to \[7\]/],
    [
      'a vector where a map is wanted',
      () => affineChannels(globalAveragePool(tensor(4)), tensor(1)),
      /not a feature map/,
    ],
    ['too few values', () => constant(graph, new Float32Array(3), [2, 2]), /3 values for \[2, 2\]/],
  ])('refuses %s', (_, build, message) => {
    expect(build).toThrow(message)
  })

  it('leaves a map alone that has the wanted size already, and doubles by the cheaper operation', () => {
    const x = tensor(1, 2, 4, 4)
    expect(resize2d(x, { height: 4, width: 4, mode: 'bilinear', alignCorners: true })).toBe(x)
    const doubled = resize2d(x, { height: 8, width: 8, mode: 'nearest', alignCorners: false })
    expect(doubled.node.operation).toBe('upsampleNearest2x')
  })

  it.each([
    [8, 3, 1, 1, [1, 1]],
    [8, 3, 2, 1, [0, 1]],
    [7, 3, 2, 1, [1, 1]],
    [15, 5, 2, 1, [2, 2]],
    [10, 3, 1, 4, [4, 4]],
  ])('SAME padding of %i by a kernel of %i, stride %i, dilation %i: %j', (extent, kernel, stride, dilation, pads) => {
    const [before, after] = samePadding(extent, kernel, stride, dilation)
    expect([before, after]).toEqual(pads)
    expect(slidingExtent(extent, kernel, before, after, stride, dilation)).toBe(Math.ceil(extent / stride))
  })

  it.each([true, false])('rows of a bilinear matrix sum to one (aligned corners: %j)', (alignCorners) => {
    const matrix = resizeMatrix(5, 13, { mode: 'bilinear', alignCorners })
    for (let row = 0; row < 13; row++)
      expect(matrix.slice(row * 5, (row + 1) * 5).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6)
  })
})
