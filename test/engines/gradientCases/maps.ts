import { affineChannels, channelDot, concatChannels, scaleSamples, sliceChannels } from '../../../src/graph/channels.ts'
import { conv2d } from '../../../src/graph/convolution.ts'
import { activation, reshape } from '../../../src/graph/elementwise.ts'
import { batchNorm, batchNormInference } from '../../../src/graph/normalization.ts'
import type { ResizeAttributes } from '../../../src/graph/operations.ts'
import { globalAveragePool, maxPool2d, spread } from '../../../src/graph/pooling.ts'
import { resize2d, upsampleNearest2x } from '../../../src/graph/resize.ts'
import type { Shape } from '../../../src/graph/tensor.ts'
import type { GradientCase } from './caseBuilder.ts'

const shapes: readonly Shape[] = [
  [2, 5, 4, 3],
  [1, 1, 3, 5],
  [2, 18, 3, 3],
  [1, 32, 2, 2],
]

function overShapes(operation: string, build: (shape: Shape) => GradientCase['build']): readonly GradientCase[] {
  return shapes.map((shape) => ({ title: `${operation} of ${shape.join('×')}`, build: build(shape) }))
}

const channelsOf = (shape: Shape): Shape => [shape[0], shape[1], 1, 1]

const resizes: readonly (readonly [from: Shape, height: number, width: number])[] = [
  [[2, 5, 4, 3], 8, 6],
  [[1, 1, 3, 5], 12, 20],
  [[2, 18, 3, 4], 7, 5],
  [[1, 20, 6, 7], 3, 4],
  [[2, 3, 1, 1], 4, 5],
  [[1, 17, 4, 4], 1, 1],
  [[2, 3, 4, 5], 4, 9],
]
const modes: readonly Pick<ResizeAttributes, 'mode' | 'alignCorners'>[] = [
  { mode: 'bilinear', alignCorners: true },
  { mode: 'bilinear', alignCorners: false },
  { mode: 'nearest', alignCorners: false },
  { mode: 'area', alignCorners: false },
]
const resizeCases = resizes.flatMap(([from, height, width]) =>
  modes.map(({ mode, alignCorners }): GradientCase => ({
    title: `resize2d ${mode}${alignCorners ? ' with aligned corners' : ''}, ${from.join('×')} → ${height}×${width}`,
    build: (make) => [resize2d(make.map('x', from), { height, width, mode, alignCorners })],
  })),
)

const pools: readonly (readonly [shape: Shape, kernel: number, stride: number, pad: number])[] = [
  [[2, 5, 6, 7], 3, 2, 1],
  [[2, 5, 8, 8], 3, 2, 1],
  [[1, 18, 4, 6], 2, 2, 0],
  [[2, 1, 5, 5], 3, 1, 1],
  [[1, 33, 5, 5], 3, 2, 1],
]

export const mapCases: readonly GradientCase[] = [
  ...overShapes('affineChannels, a scale per image and channel,', (shape) => (make) => [
    affineChannels(make.map('x', shape), make.map('scale', channelsOf(shape))),
  ]),
  ...overShapes('affineChannels with shift', (shape) => (make) => [
    affineChannels(make.map('x', shape), make.map('scale', channelsOf(shape)), make.map('shift', channelsOf(shape))),
  ]),
  ...overShapes('affineChannels with one scale and shift for all images', (shape) => (make) => {
    const vector = (name: string) => reshape(make.weight(name, [shape[1]]), [1, shape[1], 1, 1])
    return [affineChannels(make.map('x', shape), vector('scale'), vector('shift'))]
  }),
  ...overShapes('scaleSamples', (shape) => (make) => [
    scaleSamples(make.map('x', shape), make.data('factor', [shape[0]])),
  ]),
  ...overShapes('globalAveragePool', (shape) => (make) => [globalAveragePool(make.map('x', shape))]),
  ...overShapes('spread', (shape) => (make) => [spread(make.map('x', channelsOf(shape)), 3, 5)]),
  ...overShapes('upsampleNearest2x', (shape) => (make) => [upsampleNearest2x(make.map('x', shape))]),
  ...overShapes('sumPool2x', ([N, C, H, W]) => (make) => {
    const x = make.map('x', [N, C, 2 * H, 2 * W])
    return make.graph.emit('sumPool2x', [x], {}, [{ shape: [N, C, H, W] }])
  }),
  ...overShapes('concatChannels', (shape) => (make) => {
    const [N, C, H, W] = shape as readonly [number, number, number, number]
    const parts = [make.map('a', shape), make.map('b', [N, C + 3, H, W]), make.map('c', [N, 16, H, W])]
    return [concatChannels(parts)]
  }),
  ...pools.map(([shape, kernel, stride, pad]): GradientCase => ({
    title: `maxPool2d of ${shape.join('×')}, kernel ${kernel}, stride ${stride}, pad ${pad}`,
    build: (make) => [maxPool2d(make.map('x', shape), { kernel, stride, pad })],
  })),
  ...resizeCases,
  ...[
    [0, 3],
    [2, 3],
    [16, 4],
  ].map(([offset, length]): GradientCase => ({
    title: `sliceChannels ${offset} … ${offset + length} of 20`,
    build: (make) => [sliceChannels(make.map('x', [2, 20, 3, 3]), offset, length)],
  })),
  {
    title: 'squeeze and excitation: the pooled gradient becomes the shift of the scaling',
    fusedInto: 'affineChannels',
    build: (make) => {
      const x = conv2d(make.map('x', [2, 5, 4, 3]), make.weight('w', [18, 5, 1, 1]))
      const squeezed = conv2d(globalAveragePool(x), make.weight('squeeze', [4, 18, 1, 1]), {
        bias: make.weight('b', [4]),
      })
      const excited = conv2d(activation('silu', squeezed), make.weight('excite', [18, 4, 1, 1]))
      return [affineChannels(x, activation('sigmoid', excited))]
    },
  },
]

/** Forward only: these appear in gradients, which have no gradient themselves. */
export const forwardMapCases: readonly GradientCase[] = [
  ...overShapes('channelDot', (shape) => (make) => [channelDot(make.data('x', shape), make.data('y', shape))]),
  ...overShapes('batchNorm with the statistics of the batch', (shape) => (make) => {
    const [gamma, beta] = [make.weight('gamma', [shape[1]]), make.weight('beta', [shape[1]])]
    const { y, mean, variance } = batchNorm(make.data('x', shape), gamma, beta, {
      epsilon: 1e-5,
      activation: 'identity',
    })
    return [y, mean, variance]
  }),
  ...overShapes('batchNormInference', (shape) => (make) => {
    const vector: Shape = [shape[1]]
    const [gamma, beta] = [make.weight('gamma', vector), make.weight('beta', vector)]
    const statistics = [
      make.buffer('mean', shape[1]),
      make.buffer('variance', shape[1], { low: 0.1, high: 2 }),
    ] as const
    return [batchNormInference(make.data('x', shape), gamma, beta, ...statistics, 1e-3)]
  }),
]
