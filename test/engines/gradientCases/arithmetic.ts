import { flatMultiple } from '../../../src/engines/onnx/lowering.ts'
import {
  add,
  divide,
  exp,
  greater,
  log,
  maximum,
  minimum,
  multiply,
  multiplyAdd,
  negate,
  reciprocal,
  reduceSum,
  reshape,
  sqrt,
  squaredNorm,
  subtract,
  total,
} from '../../../src/graph/elementwise.ts'
import { argMax, cumulateDescending, logSoftmax, oneHot, pixelRows } from '../../../src/graph/pixels.ts'
import type { Shape, Tensor } from '../../../src/graph/tensor.ts'
import type { GradientCase } from './caseBuilder.ts'

const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = { exp, log, sqrt, negate, reciprocal }
const pairs: Readonly<Record<string, (a: Tensor, b: Tensor) => Tensor>> = {
  add,
  subtract,
  multiply,
  divide,
  maximum,
  minimum,
}
const positive = { low: 0.5, high: 2 }

const broadcasts: readonly (readonly [a: Shape, b: Shape])[] = [
  [
    [3, 4],
    [3, 4],
  ],
  [[3, 4], [1]],
  [[4], [3, 4]],
  [
    [2, 5, 3, 3],
    [1, 5, 1, 1],
  ],
  [
    [2, 1, 3],
    [4, 1],
  ],
]

const rowShapes: readonly Shape[] = [
  [2, 3, 4, 5],
  [1, 1, 3, 3],
  [2, 18, 2, 3],
  [2, 33, 3, 2],
]

export const arithmeticCases: readonly GradientCase[] = [
  ...Object.entries(functions).map(([name, build]): GradientCase => ({
    title: name,
    build: (make) => [build(make.map('x', [3, 5], positive))],
  })),
  ...Object.entries(pairs).flatMap(([name, build]) =>
    broadcasts.map(([a, b]): GradientCase => ({
      title: `${name} of [${a.join(', ')}] and [${b.join(', ')}]`,
      build: (make) => [build(make.map('a', a, positive), make.map('b', b, positive))],
    })),
  ),
  ...[[0], [1], [0, 2], [0, 1, 2]].flatMap((axes) =>
    [false, true].map((keepDimensions): GradientCase => ({
      title: `reduceSum over ${axes.join(', ')}${keepDimensions ? ', dimensions kept' : ''}`,
      build: (make) => [reduceSum(make.map('x', [2, 3, 4]), axes, keepDimensions)],
    })),
  ),
  { title: 'reshape', build: (make) => [reshape(make.map('x', [2, 3, 4]), [4, 6])] },
  ...rowShapes.flatMap((shape): GradientCase[] => {
    const title = shape.join('×')
    return [
      { title: `pixelRows of ${title}`, build: (make) => [pixelRows(make.map('x', shape))] },
      {
        title: `pixelMap to ${title}`,
        build: (make) => {
          const rows = make.map('x', [shape[0] * shape[2] * shape[3], shape[1]])
          return make.graph.emit('pixelMap', [rows], {}, [{ shape }])
        },
      },
      {
        title: `logSoftmax over the classes of ${title}`,
        build: (make) => [logSoftmax(pixelRows(make.map('x', shape)))],
      },
      {
        title: `cross-entropy with ignored pixels over ${title}`,
        build: (make) => {
          const rows = logSoftmax(pixelRows(make.map('x', shape)))
          const target = oneHot(make.labels('target', rows.shape[0], shape[1]), shape[1])
          return [divide(negate(total(multiply(rows, target))), total(target))]
        },
      },
    ]
  }),
  {
    title: 'a loss that only reads sums: its gradients have extents of 1',
    build: (make) => {
      const x = make.map('x', [2, 5, 3, 4])
      const perPixel = reduceSum(pixelRows(x), [1])
      return [add(total(perPixel), total(add(perPixel, make.map('y', [24]))))]
    },
  },
]

/** Forward only: selections and the steps of an optimizer. */
export const forwardArithmeticCases: readonly GradientCase[] = [
  { title: 'greater', build: (make) => [greater(make.data('a', [3, 5]), make.data('b', [5]))] },
  {
    title: 'greater of integers',
    build: (make) => [
      greater(make.labels('a', 12, 3), make.labels('b', 12, 3)),
      reduceSum(make.labels('c', 12, 3), [0]),
    ],
  },
  {
    title: 'multiplyAdd',
    build: (make) => [
      multiplyAdd(make.data('factor', [1]), make.flat('x', flatMultiple), make.flat('y', flatMultiple)),
      multiplyAdd(0.5, make.flat('u', flatMultiple), make.flat('v', flatMultiple)),
    ],
  },
  { title: 'squaredNorm', build: (make) => [squaredNorm(make.flat('x', flatMultiple))] },
  { title: 'oneHot leaves out what is no class', build: (make) => [oneHot(make.labels('x', 40, 6), 6)] },
  { title: 'argMax', build: (make) => [argMax(make.data('x', [17, 6]))] },
  {
    title: 'cumulateDescending',
    build: (make) => [
      cumulateDescending(make.data('keys', [3, 40]), make.data('values', [3, 40])),
      cumulateDescending(make.data('key', [1, 7]), make.data('value', [1, 7])),
    ],
  },
  {
    title: 'cumulateDescending takes the lowest index first among equals',
    build: (make) => [cumulateDescending(multiply(make.data('keys', [2, 9]), 0), make.data('values', [2, 9]))],
  },
  {
    title: 'argMax takes the lowest of equals',
    build: (make) => [argMax(multiply(make.data('x', [4, 6]), 0))],
  },
]
