import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { parseExperiment, type ExperimentConfig } from '../../src/core/experiment.ts'
import type { RunResult } from '../../src/protocol/runFolder.ts'
import { runName } from '../../src/protocol/runName.ts'
import { experimentSchema } from '../../src/train/experimentSchema.ts'
import { compareExperiments, comparisonWarnings, lastAttempts } from '../../src/runs/comparison.ts'

const config = (conditions: object = {}): ExperimentConfig =>
  parseExperiment({ ...conditions }, experimentSchema, () => ({}))
const readConfig = (value: RunResult['config']): ExperimentConfig | undefined => experimentSchema.safeParse(value).data

interface Given {
  readonly experiment: string
  readonly fold: number
  readonly seed?: number
  readonly attempt?: number
  readonly mIoU: number | null
  readonly splitHash?: string
  readonly dataHash?: string
  readonly conditions?: object
}

function result(given: Given): RunResult {
  const { experiment, fold, seed = 0, attempt = 1, mIoU, splitHash = 'split', dataHash = 'data', conditions } = given
  const scores = { loss: 1, mIoU, dice: null, pixelAccuracy: null }
  return {
    v: 1,
    run: runName({ experiment, fold, seed, attempt }),
    experiment,
    fold,
    seed,
    best: { ...scores, epoch: 1, metric: 'mIoU', value: mIoU },
    scores: { ...scores, classes: [], perClassIoU: [] },
    splitHash,
    dataHash,
    configHash: 'config',
    config: { ...config(conditions) },
    engine: { name: 'onnx', lowering: 'plain', determinism: 'bitwise' },
    versions: {},
    durationMs: 1,
    finished: '2026-01-31T09:30:00.000Z',
  }
}

function groups(...results: readonly RunResult[]): ReadonlyMap<string, readonly RunResult[]> {
  const names = [...new Set(results.map(({ experiment }) => experiment))]
  return new Map(names.map((name) => [name, lastAttempts(results, name)]))
}

describe('the results that count', () => {
  it('are the last attempt of each fold and seed', () => {
    const results = [
      result({ experiment: 'a', fold: 1, mIoU: 0.1 }),
      result({ experiment: 'a', fold: 0, attempt: 10, mIoU: 0.4 }),
      result({ experiment: 'a', fold: 0, attempt: 9, mIoU: 0.3 }),
      result({ experiment: 'a', fold: 0, seed: 1, mIoU: 0.2 }),
      result({ experiment: 'b', fold: 0, mIoU: 0.9 }),
    ]
    expect(lastAttempts(results, 'a').map(({ run }) => run)).toEqual(['a.f0.s0.10', 'a.f0.s1', 'a.f1.s0'])
  })
})

describe('the difference from the baseline', () => {
  it('is paired by fold, over the mean of the seeds; folds that only one has do not count', () => {
    const compared = compareExperiments(
      groups(
        result({ experiment: 'base', fold: 0, seed: 0, mIoU: 0.5 }),
        result({ experiment: 'base', fold: 0, seed: 1, mIoU: 0.7 }),
        result({ experiment: 'base', fold: 1, mIoU: 0.4 }),
        result({ experiment: 'new', fold: 0, mIoU: 0.75 }),
        result({ experiment: 'new', fold: 2, mIoU: 0.9 }),
      ),
      'base',
      'mIoU',
      readConfig,
    )
    const [base, changed] = compared
    expect(base.fromBaseline).toEqual([])
    expect(changed.fromBaseline.map(({ fold }) => fold)).toEqual([0])
    expect(changed.fromBaseline[0].value).toBeCloseTo(0.15)
    expect(changed.runs).toHaveLength(2)
  })

  it('says in words which conditions changed', () => {
    const compared = compareExperiments(
      groups(
        result({ experiment: 'base', fold: 0, mIoU: 0.5 }),
        result({ experiment: 'new', fold: 0, mIoU: 0.6, conditions: { optimizer: { name: 'AdamW' } } }),
      ),
      'base',
      'mIoU',
      readConfig,
    )
    expect(compared[1].changes?.map(({ words }) => words).join()).toContain('optimizer: Adam → AdamW')
  })

  it('leaves out runs without a score', () => {
    const [only] = compareExperiments(
      groups(result({ experiment: 'base', fold: 0, mIoU: null }), result({ experiment: 'base', fold: 1, mIoU: 0.5 })),
      'base',
      'mIoU',
      readConfig,
    )
    expect(only.runs.map(({ fold }) => fold)).toEqual([1])
  })
})

describe('results that do not belong together', () => {
  it('of different splits are refused, naming one run of each', () => {
    const mixed = groups(
      result({ experiment: 'base', fold: 0, mIoU: 0.5 }),
      result({ experiment: 'new', fold: 0, mIoU: 0.6, splitHash: 'another' }),
    )
    const compare = (): unknown => compareExperiments(mixed, 'base', 'mIoU', readConfig)
    expect(compare).toThrow(UserError)
    expect(compare).toThrow(/different splits/)
  })

  it('of other images or conditions under one name are warned about', () => {
    const warnings = comparisonWarnings(
      groups(
        result({ experiment: 'base', fold: 0, mIoU: 0.5 }),
        result({ experiment: 'base', fold: 1, mIoU: 0.5, dataHash: 'other', conditions: { train: { epochs: 1 } } }),
      ),
      readConfig,
    )
    expect(warnings).toEqual([
      'base: base.f0.s0 and base.f1.s0 were trained under different conditions.',
      'The images or masks changed between these runs.',
    ])
  })

  it('of the same conditions with other seeds are not', () => {
    const seeds = [0, 1].map((seed) => result({ experiment: 'a', fold: 0, seed, mIoU: 0.5, conditions: { train: { seed } } })) // prettier-ignore
    expect(comparisonWarnings(groups(...seeds), readConfig)).toEqual([])
  })
})
