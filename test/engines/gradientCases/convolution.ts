import { affineChannels, concatChannels } from '../../../src/graph/channels.ts'
import {
  conv2d,
  depthwiseConv2d,
  samePadding,
  symmetricPads,
  transposedConv2d,
  upsampleConv2d,
} from '../../../src/graph/convolution.ts'
import { add } from '../../../src/graph/elementwise.ts'
import type { FusedActivation, Pads } from '../../../src/graph/operations.ts'
import { groupedConv2d } from '../../../src/graph/groupedConvolution.ts'
import { upsampleNearest2x } from '../../../src/graph/resize.ts'
import type { GradientCase } from './caseBuilder.ts'

interface Sliding {
  readonly N: number
  readonly I: number
  readonly O: number
  readonly H: number
  readonly W: number
  readonly k: number
  readonly stride?: number
  readonly pads: Pads
  readonly dilation?: number
  readonly bias?: boolean
}

const same3 = symmetricPads(1)
const dense: readonly Sliding[] = [
  { N: 2, I: 3, O: 5, H: 6, W: 7, k: 3, pads: same3, bias: true },
  { N: 1, I: 1, O: 1, H: 5, W: 4, k: 3, pads: same3 },
  { N: 2, I: 18, O: 20, H: 4, W: 5, k: 3, pads: same3 },
  { N: 2, I: 20, O: 9, H: 5, W: 4, k: 3, pads: same3, bias: true },
  { N: 1, I: 16, O: 32, H: 6, W: 6, k: 3, pads: same3 },
  { N: 2, I: 33, O: 4, H: 3, W: 3, k: 3, pads: same3 },
  { N: 2, I: 4, O: 6, H: 8, W: 8, k: 3, stride: 2, pads: same3 },
  { N: 2, I: 17, O: 6, H: 7, W: 9, k: 3, stride: 2, pads: same3, bias: true },
  { N: 1, I: 4, O: 16, H: 8, W: 7, k: 3, stride: 2, pads: [0, 0, 1, 1] },
  { N: 2, I: 3, O: 6, H: 12, W: 11, k: 7, stride: 2, pads: symmetricPads(3) },
  { N: 1, I: 3, O: 2, H: 10, W: 11, k: 5, stride: 3, pads: [2, 1, 0, 2] },
  { N: 1, I: 3, O: 4, H: 8, W: 8, k: 4, stride: 4, pads: symmetricPads(0) },
  { N: 2, I: 5, O: 3, H: 5, W: 6, k: 2, pads: [0, 1, 1, 0] },
  { N: 1, I: 5, O: 3, H: 5, W: 6, k: 4, stride: 2, pads: same3 },
  { N: 2, I: 3, O: 4, H: 6, W: 5, k: 3, pads: symmetricPads(0) },
  { N: 1, I: 4, O: 3, H: 6, W: 5, k: 3, pads: [3, 0, 4, 1] },
  { N: 2, I: 3, O: 4, H: 9, W: 8, k: 3, pads: symmetricPads(2), dilation: 2 },
  { N: 2, I: 6, O: 3, H: 7, W: 8, k: 3, pads: symmetricPads(4), dilation: 4 },
  { N: 2, I: 18, O: 20, H: 5, W: 4, k: 3, pads: symmetricPads(2), dilation: 2 },
  { N: 2, I: 33, O: 5, H: 4, W: 4, k: 3, pads: symmetricPads(3), dilation: 3 },
  { N: 1, I: 3, O: 4, H: 9, W: 10, k: 3, stride: 2, pads: symmetricPads(2), dilation: 2 },
  { N: 2, I: 5, O: 3, H: 4, W: 6, k: 3, pads: symmetricPads(12), dilation: 12 },
  { N: 2, I: 18, O: 7, H: 3, W: 4, k: 1, pads: symmetricPads(0) },
  { N: 2, I: 7, O: 18, H: 4, W: 3, k: 1, pads: symmetricPads(0), bias: true },
  { N: 1, I: 32, O: 1, H: 4, W: 4, k: 1, pads: symmetricPads(0) },
  { N: 2, I: 20, O: 8, H: 5, W: 6, k: 1, stride: 2, pads: symmetricPads(0) },
  { N: 2, I: 3, O: 5, H: 6, W: 6, k: 1, stride: 2, pads: symmetricPads(0) },
  { N: 1, I: 3, O: 5, H: 4, W: 4, k: 1, pads: same3 },
  { N: 2, I: 40, O: 10, H: 1, W: 1, k: 1, pads: symmetricPads(0), bias: true },
  { N: 1, I: 2, O: 3, H: 2, W: 2, k: 3, stride: 2, pads: same3 },
]

const depthwise: readonly Sliding[] = [
  { N: 2, I: 1, O: 1, H: 5, W: 6, k: 3, pads: same3 },
  { N: 2, I: 18, O: 18, H: 6, W: 5, k: 3, pads: same3, bias: true },
  { N: 1, I: 32, O: 32, H: 6, W: 6, k: 5, pads: symmetricPads(2) },
  { N: 2, I: 7, O: 7, H: 8, W: 8, k: 3, stride: 2, pads: [0, 0, 1, 1] },
  { N: 2, I: 20, O: 20, H: 7, W: 9, k: 5, stride: 2, pads: symmetricPads(2) },
  { N: 1, I: 3, O: 3, H: 8, W: 8, k: 5, stride: 2, pads: [1, 2, 2, 1] },
  { N: 2, I: 5, O: 5, H: 8, W: 7, k: 3, pads: symmetricPads(2), dilation: 2 },
  { N: 1, I: 3, O: 3, H: 4, W: 6, k: 3, pads: symmetricPads(12), dilation: 12 },
  { N: 2, I: 3, O: 3, H: 9, W: 9, k: 7, pads: symmetricPads(3) },
  { N: 1, I: 4, O: 4, H: 6, W: 6, k: 3, pads: symmetricPads(0) },
  { N: 2, I: 3, O: 3, H: 7, W: 7, k: 3, stride: 3, pads: same3 },
]

function name({ N, I, O, H, W, k, stride = 1, pads, dilation = 1, bias }: Sliding): string {
  const details = `stride ${stride}, pads ${pads.join(' ')}, dilation ${dilation}${bias ? ', bias' : ''}`
  return `${N}×${I}×${H}×${W} → ${O}, ${k}×${k}, ${details}`
}

function denseCase(sliding: Sliding): GradientCase {
  const { N, I, O, H, W, k, bias } = sliding
  return {
    title: `conv2d ${name(sliding)}`,
    build: (make) => [
      conv2d(make.map('x', [N, I, H, W]), make.weight('w', [O, I, k, k]), {
        ...sliding,
        bias: bias ? make.weight('b', [O]) : undefined,
      }),
    ],
  }
}

function depthwiseCase(sliding: Sliding): GradientCase {
  const { N, I, H, W, k, bias } = sliding
  return {
    title: `depthwiseConv2d ${name(sliding)}`,
    build: (make) => [
      depthwiseConv2d(make.map('x', [N, I, H, W]), make.weight('w', [I, 1, k, k]), {
        ...sliding,
        bias: bias ? make.weight('b', [I]) : undefined,
      }),
    ],
  }
}

/** [upsampled channels, outputs, H, W] at low resolution. */
const upsampled: readonly (readonly [N: number, I: number, O: number, H: number, W: number])[] = [
  [2, 5, 3, 3, 4],
  [1, 16, 32, 4, 4],
  [2, 18, 7, 2, 3],
  [1, 1, 1, 1, 1],
  [1, 20, 17, 3, 2],
]
const upsampledCases: readonly GradientCase[] = upsampled.flatMap(([N, I, O, H, W]) => [
  {
    title: `upsampleConv2d ${N}×${I}×${H}×${W} → ${O}`,
    build: (make) => [
      upsampleConv2d(make.map('x', [N, I, H, W]), make.weight('w', [O, I, 3, 3]), { bias: make.weight('b', [O]) }),
    ],
  },
  {
    title: `conv2d over upsampled ${I} ⧺ skip 5 → ${O}, ${N}×${H}×${W}`,
    fusedInto: 'upsampleConv2d',
    build: (make) => {
      const concatenated = concatChannels([
        upsampleNearest2x(make.map('x', [N, I, H, W])),
        make.map('skip', [N, 5, 2 * H, 2 * W]),
      ])
      return [conv2d(concatenated, make.weight('w', [O, I + 5, 3, 3]), { pads: same3, bias: make.weight('b', [O]) })]
    },
  },
])

const transposedCases: readonly GradientCase[] = [
  [2, 18, 5, 3, 4],
  [1, 4, 20, 2, 2],
  [2, 16, 16, 4, 3],
].map(([N, O, I, H, W]) => ({
  title: `transposedConv2d ${N}×${O}×${H}×${W} → ${I}`,
  build: (make) => {
    const [x, weight] = [make.map('x', [N, O, H, W]), make.weight('w', [O, I, 4, 4])]
    return [transposedConv2d(x, weight, [N, I, 2 * H, 2 * W], { stride: 2, pads: symmetricPads(1) })]
  },
}))

const groupedCases: readonly GradientCase[] = [
  { N: 2, C: 8, groups: 2, stride: 1, dilation: 1 },
  { N: 1, C: 32, groups: 8, stride: 2, dilation: 1 },
  { N: 2, C: 6, groups: 3, stride: 1, dilation: 2 },
].map(({ N, C, groups, stride, dilation }) => ({
  title: `groupedConv2d ${N}×${C}, ${groups} groups, stride ${stride}, dilation ${dilation}`,
  build: (make) => {
    const weight = make.weight('w', [C, C / groups, 3, 3])
    return [
      groupedConv2d(make.map('x', [N, C, 6, 5]), weight, groups, { stride, dilation, pads: symmetricPads(dilation) }),
    ]
  },
}))

const activations: readonly FusedActivation[] = ['relu', 'relu6', 'silu']

/** What only inference and fusing passes make; these forms have no gradient of their own. */
export const fusedConvolutionForms: readonly GradientCase[] = activations.flatMap((activation): GradientCase[] => [
  {
    title: `conv2d with bias, sum and ${activation}`,
    build: (make) => {
      const [x, sum] = [make.data('x', [2, 5, 4, 5]), make.data('sum', [2, 18, 4, 5])]
      const bias = make.weight('b', [18], { low: -2, high: 4 })
      return [conv2d(x, make.weight('w', [18, 5, 3, 3]), { pads: same3, bias, sum, activation })]
    },
  },
  {
    title: `1×1 conv2d with sum and ${activation}`,
    build: (make) => {
      const [x, sum] = [make.data('x', [2, 5, 4, 5]), make.data('sum', [2, 18, 4, 5], { low: -2, high: 8 })]
      return [conv2d(x, make.weight('w', [18, 5, 1, 1]), { sum, activation })]
    },
  },
  {
    title: `depthwiseConv2d with bias and ${activation}`,
    build: (make) => {
      const bias = make.weight('b', [18], { low: -2, high: 8 })
      return [
        depthwiseConv2d(make.data('x', [2, 18, 4, 5]), make.weight('w', [18, 1, 3, 3]), {
          pads: same3,
          bias,
          activation,
        }),
      ]
    },
  },
  {
    title: `upsampleConv2d with bias and ${activation}`,
    build: (make) => {
      const bias = make.weight('b', [9], { low: -2, high: 8 })
      return [upsampleConv2d(make.data('x', [2, 5, 2, 3]), make.weight('w', [9, 5, 3, 3]), { bias, activation })]
    },
  },
])

export const convolutionCases: readonly GradientCase[] = [
  ...dense.map(denseCase),
  ...depthwise.map(depthwiseCase),
  ...upsampledCases,
  ...transposedCases,
  ...groupedCases,
  {
    title: 'conv2d of the image, whose gradient nobody asks for',
    build: (make) => [
      conv2d(make.data('x', [2, 3, 8, 8]), make.weight('w', [20, 3, 3, 3]), { stride: 2, pads: same3 }),
    ],
  },
  {
    title: 'conv2d with a sum',
    build: (make) => {
      const [x, sum] = [make.map('x', [2, 6, 5, 4]), make.map('sum', [2, 9, 5, 4])]
      return [conv2d(x, make.weight('w', [9, 6, 3, 3]), { pads: same3, sum, bias: make.weight('b', [9]) })]
    },
  },
  {
    title: 'a map read by three convolutions: their gradients meet',
    fusedInto: 'conv2d',
    build: (make) => {
      const x = make.map('x', [2, 18, 5, 6])
      const hidden = conv2d(x, make.weight('w', [18, 18, 1, 1]))
      const [before, after] = samePadding(5, 3, 1)
      const pads: Pads = [before, before, after, after]
      const wide = conv2d(hidden, make.weight('wide', [4, 18, 3, 3]), { pads })
      const deep = depthwiseConv2d(hidden, make.weight('deep', [18, 1, 3, 3]), { pads })
      const point = conv2d(hidden, make.weight('point', [18, 18, 1, 1]))
      return [wide, add(deep, point)]
    },
  },
  {
    title: 'a map read upsampled and as it is: their gradients meet',
    fusedInto: 'upsampleConv2d',
    build: (make) => {
      const hidden = conv2d(make.map('x', [2, 5, 3, 4]), make.weight('w', [6, 5, 1, 1]))
      const up = conv2d(upsampleNearest2x(hidden), make.weight('up', [4, 6, 3, 3]), { pads: same3 })
      return [up, affineChannels(hidden, make.map('scale', [2, 6, 1, 1]))]
    },
  },
]
