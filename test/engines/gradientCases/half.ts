import { add, cast, multiply, select } from '../../../src/graph/elementwise.ts'
import { input } from '../../../src/graph/sources.ts'
import type { HalfType, Tensor } from '../../../src/graph/tensor.ts'
import type { CaseBuilder, GradientCase } from './caseBuilder.ts'

export const halfTypes = ['float16', 'bfloat16'] as const satisfies readonly HalfType[]
/** Half of the last place of 1. */
export const roundings: Readonly<Record<HalfType, number>> = { float16: 2 ** -11, bfloat16: 2 ** -8 }

/** Numbers where rounding has something to decide; subnormal ones of float16 among them, none of float32 (flushed to zero). */
const edges: readonly number[] = [
  ...[0, 1, 1 / 3, -2 / 3, 1e5, -7e4, 65504, 65519.996, 65520, -65520, 3e38, -3.4e38],
  // Ties, to the even neighbour below and above, and what lies next to them.
  ...[1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -22, 2049, 2051, -2051, 1 + 2 ** -8, 1 + 3 * 2 ** -8],
  ...[2 ** -14, 2 ** -15, 1e-6, -3e-7, 2 ** -24, 2 ** -25, 2.9802326e-8, 1.5 * 2 ** -24, -2.5 * 2 ** -24, 1e-12],
]

function edgeValues(make: CaseBuilder): Tensor {
  make.feeds.set('x', Float32Array.from(edges))
  return input(make.graph, 'x', [edges.length])
}

/** Of a rounding the gradient is what it would be without one. */
export const halfCases: readonly GradientCase[] = halfTypes.map((half) => ({
  title: `cast to ${half} and back`,
  rounding: roundings[half],
  build: (make) => [cast(cast(make.map('x', [2, 3, 4, 5]), half), 'float32')],
}))

export const forwardHalfCases: readonly GradientCase[] = [
  ...halfTypes.flatMap((half): GradientCase[] => [
    {
      title: `cast of limits, ties and subnormal numbers to ${half}`,
      build: (make) => [cast(cast(edgeValues(make), half), 'float32')],
    },
    {
      title: `arithmetic on ${half} is float32`,
      build: (make) => {
        const [a, b] = [make.data('a', [2, 5, 3, 3]), make.data('b', [2, 5, 3, 3])].map((x) => cast(x, half))
        return [add(a, b), multiply(a, b)]
      },
    },
  ]),
  {
    title: 'select, with NaN in what is not chosen',
    build: (make) => {
      make.feeds.set('bad', Float32Array.of(NaN, Infinity, -Infinity))
      const bad = input(make.graph, 'bad', [3])
      const [yes, no] = [make.data('yes', [1], { low: 0.5 }), make.data('no', [1], { low: -1, high: 0 })]
      const good = make.data('good', [3])
      return [select(yes, good, bad), select(no, bad, good)]
    },
  },
]
