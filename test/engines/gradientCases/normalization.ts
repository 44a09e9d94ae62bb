import { scaleSamples } from '../../../src/graph/channels.ts'
import { conv2d } from '../../../src/graph/convolution.ts'
import { activation, add } from '../../../src/graph/elementwise.ts'
import { batchNorm } from '../../../src/graph/normalization.ts'
import type { ActivationKind, FusedActivation } from '../../../src/graph/operations.ts'
import type { Shape } from '../../../src/graph/tensor.ts'
import type { GradientCase } from './caseBuilder.ts'

const shapes: readonly Shape[] = [
  [2, 5, 4, 3],
  [1, 1, 5, 5],
  [3, 18, 3, 4],
  [2, 32, 2, 2],
]
const activations: readonly FusedActivation[] = ['identity', 'relu', 'relu6', 'silu']
const tails = [
  { hasSkip: false, hasScale: false },
  { hasSkip: true, hasScale: false },
  { hasSkip: false, hasScale: true },
  { hasSkip: true, hasScale: true },
] as const

/** The same as one operation and as the chain from which the fusing pass makes it. */
const normalizationForms = shapes.flatMap((shape, index) =>
  activations.flatMap((kind) =>
    tails.flatMap(({ hasSkip, hasScale }): GradientCase[] => {
      const what = [kind, hasSkip ? 'skip' : '', hasScale ? 'sampleScale' : '']
        .filter((part) => part !== '')
        .join(' + ')
      const channels = shape[1]
      const build =
        (isFused: boolean): GradientCase['build'] =>
        (make) => {
          const x = make.map('x', shape, { low: -1, high: 3 })
          // Wide enough that ReLU6 meets its upper bound.
          const gamma = make.weight('gamma', [channels], { low: 1, high: 4 })
          const beta = make.weight('beta', [channels], { low: -2, high: 4 })
          const skip = hasSkip ? make.map('skip', shape) : undefined
          const scale = hasScale ? make.data('factor', [shape[0]], { low: 0.5, high: 1.5 }) : undefined
          if (isFused) return [batchNorm(x, gamma, beta, { epsilon: 1e-3, activation: kind }, skip, scale).y]
          let { y } = batchNorm(x, gamma, beta, { epsilon: 1e-3, activation: 'identity' })
          if (scale) y = scaleSamples(y, scale)
          if (skip) y = add(skip, y)
          return [kind === 'identity' ? y : activation(kind, y)]
        }
      const cases: GradientCase[] = [{ title: `batchNorm ${shape.join('×')} ${what}`, build: build(true) }]
      if (index !== 0) return cases
      return [
        ...cases,
        { title: `batchNorm ${shape.join('×')}, then ${what}`, build: build(false), fusedInto: 'batchNorm' },
      ]
    }),
  ),
)

const kinds: readonly ActivationKind[] = ['relu', 'relu6', 'silu', 'sigmoid', 'gelu']
const activationCases = kinds.flatMap((kind) =>
  [
    [2, 5, 4, 3],
    [1, 17, 2, 3],
    [7, 12],
  ].map((shape): GradientCase => ({
    title: `activation ${kind} of ${shape.join('×')}`,
    build: (make) => [activation(kind, make.map('x', shape, { low: -4, high: 9 }))],
  })),
)

export const normalizationCases: readonly GradientCase[] = [
  ...normalizationForms,
  ...activationCases,
  {
    title: 'two BatchNorms that meet in one sum',
    fusedInto: 'batchNorm',
    build: (make) => {
      const norm = (name: string): ReturnType<typeof batchNorm> => {
        const map = conv2d(make.map(name, [2, 3, 4, 4]), make.weight(`${name}.weight`, [18, 3, 1, 1]))
        const [gamma, beta] = [make.weight(`${name}.gamma`, [18]), make.weight(`${name}.beta`, [18])]
        return batchNorm(map, gamma, beta, { epsilon: 1e-5, activation: 'identity' })
      }
      return [activation('relu', add(norm('a').y, norm('b').y))]
    },
  },
]
