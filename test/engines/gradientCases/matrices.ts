import { reshape } from '../../../src/graph/elementwise.ts'
import { layerNorm, matMul, softmax, transpose } from '../../../src/graph/matrices.ts'
import { pixelMap, pixelRows } from '../../../src/graph/pixels.ts'
import type { Shape } from '../../../src/graph/tensor.ts'
import type { GradientCase } from './caseBuilder.ts'

const permutations: readonly (readonly [shape: Shape, permutation: readonly number[]])[] = [
  [
    [3, 5],
    [1, 0],
  ],
  [
    [2, 5, 3],
    [0, 2, 1],
  ],
  [
    [2, 5, 3, 4],
    [0, 2, 1, 3],
  ],
  [
    [2, 3, 4, 5],
    [3, 0, 2, 1],
  ],
]

const products = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) =>
    [[], [3]].map((stack): GradientCase => {
      const of = (rows: number, columns: number, isTransposed: boolean): Shape =>
        isTransposed ? [...stack, columns, rows] : [...stack, rows, columns]
      return {
        title: `matMul of ${stack.length === 0 ? 'two matrices' : 'stacks'}${transposeA ? ', Aᵀ' : ''}${transposeB ? ', Bᵀ' : ''}`,
        build: (make) => [
          matMul(make.map('a', of(7, 3, transposeA)), make.map('b', of(3, 18, transposeB)), { transposeA, transposeB }),
        ],
      }
    }),
  ),
)

export const matrixCases: readonly GradientCase[] = [
  ...products,
  {
    title: 'matMul with weights as torch stores them, and a bias',
    build: (make) => {
      const [weight, bias] = [make.weight('weight', [5, 18]), make.weight('bias', [5])]
      return [matMul(make.map('x', [12, 18]), weight, { transposeB: true, bias })]
    },
  },
  ...permutations.map(([shape, permutation]): GradientCase => ({
    title: `transpose of [${shape.join(', ')}] by ${permutation.join(', ')}`,
    build: (make) => [transpose(make.map('x', shape), permutation)],
  })),
  {
    title: 'transpose of a weight of four axes',
    build: (make) => [
      matMul(make.map('x', [6, 20]), reshape(transpose(make.weight('weight', [3, 5, 2, 2]), [0, 2, 3, 1]), [3, 20]), {
        transposeB: true,
      }),
    ],
  },
  { title: 'softmax', build: (make) => [softmax(make.map('x', [2, 4, 9], { low: -5, high: 5 }))] },
  ...[3, 16, 40].map((columns): GradientCase => ({
    title: `layerNorm of ${columns} columns`,
    build: (make) => {
      const [gamma, beta] = [make.weight('gamma', [columns]), make.weight('beta', [columns])]
      return [layerNorm(make.map('x', [10, columns], { low: -1, high: 3 }), gamma, beta, 1e-6)]
    },
  })),
  {
    title: 'layerNorm of the pixels of a map',
    build: (make) => {
      const x = make.map('x', [2, 18, 3, 2])
      const [gamma, beta] = [make.weight('gamma', [18]), make.weight('beta', [18])]
      return [pixelMap(layerNorm(pixelRows(x), gamma, beta, 1e-5), x.shape)]
    },
  },
]
