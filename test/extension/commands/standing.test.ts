import { describe, expect, it } from 'vitest'
import { missingFolds, standingOf, type Known } from '../../../src/extension/commands/standing.ts'
import type { Work } from '../../../src/extension/supervisor/job.ts'
import { byName, resultOf, runOf } from '../samples.ts'

const root = '/data'

function known(parts: Partial<Known> = {}): Known {
  return { root, results: new Map(), runs: new Map(), jobs: [], metric: 'mIoU', ownSeed: () => 0, ...parts }
}

function jobs(...works: readonly Work[]): Known['jobs'] {
  return works.map((work, index) => ({ id: String(index), root, work }))
}

describe('how it stands with what may be trained', () => {
  const results = byName([resultOf('a.f0.s0', 0.6), resultOf('a.f0.s1', 0.8), resultOf('a.f1.s0', 0.1)])

  it('is unknown before anything was trained', () => {
    expect(standingOf(known(), { experiment: 'a' })).toBeUndefined()
  })

  it('is the score of a fold with a seed, and the mean over what was left out', () => {
    expect(standingOf(known({ results }), { experiment: 'a', fold: 0, seed: 1 })).toEqual({
      state: 'trained',
      score: 0.8,
    })
    const fold = standingOf(known({ results }), { experiment: 'a', fold: 0 })
    expect(fold).toMatchObject({ state: 'trained' })
    expect(fold?.state === 'trained' ? fold.score : null).toBeCloseTo(0.7)
    expect(standingOf(known({ results }), { experiment: 'a', fold: 2 })).toBeUndefined()
  })

  it('counts the last attempt only', () => {
    const repeated = byName([resultOf('a.f0.s0', 0.6), resultOf('a.f0.s0.2', 0.9)])
    expect(standingOf(known({ results: repeated }), { experiment: 'a', fold: 0 })).toEqual({
      state: 'trained',
      score: 0.9,
    })
  })

  it('is training or waiting rather than trained', () => {
    const runs = byName([runOf('a.f0.s0.2', 'running')])
    expect(standingOf(known({ results, runs }), { experiment: 'a', fold: 0 })?.state).toBe('training')
    expect(standingOf(known({ results, runs }), { experiment: 'a', fold: 1 })?.state).toBe('trained')
    const waiting = jobs({ kind: 'train', experiment: 'a', fold: 1 })
    expect(standingOf(known({ results, jobs: waiting }), { experiment: 'a', fold: 1, seed: 0 })?.state).toBe('waiting')
    expect(standingOf(known({ results, jobs: waiting }), { experiment: 'a', fold: 1, seed: 5 })).toBeUndefined()
  })

  it('knows neither debug runs nor jobs of another project', () => {
    const debug = jobs({ kind: 'debug', experiment: 'a', fold: 0 })
    expect(standingOf(known({ jobs: debug }), { experiment: 'a' })).toBeUndefined()
    const other = jobs({ kind: 'train', experiment: 'a', fold: 0 }).map((job) => ({ ...job, root: '/other' }))
    expect(standingOf(known({ jobs: other }), { experiment: 'a' })).toBeUndefined()
  })
})

describe('missing folds', () => {
  it("are those without a result of the experiment's own seed that nothing trains", () => {
    const parts = {
      results: byName([resultOf('a.f0.s0', 0.6), resultOf('a.f1.s7', 0.6)]),
      runs: byName([runOf('a.f2.s0', 'running')]),
      jobs: jobs({ kind: 'train', experiment: 'a', fold: 3 }),
    }
    expect(missingFolds(known(parts), 'a', 5)).toEqual([1, 4])
    expect(missingFolds(known({ ...parts, ownSeed: () => 7 }), 'a', 3)).toEqual([0, 2])
  })
})
