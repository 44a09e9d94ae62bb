import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { ProjectTree } from '../../../src/extension/tree/projectTree.ts'
import { baselineConfig } from './configSample.ts'
import { runOf } from '../samples.ts'
import { listed, result, storeOf, treeOf } from './treeSamples.ts'

/** Mean 0.6, sample standard deviation 0.1. */
const baselineResults = [result('baseline.f0.s0', 0.5), result('baseline.f1.s0', 0.7)].map((each, fold) => ({
  ...each,
  scores: { ...each.scores, mIoU: 0.6 + (fold === 0 ? -1 : 1) * Math.SQRT1_2 * 0.1 },
}))

describe('the score of an experiment', () => {
  it('is the mean over the last attempts of its folds and seeds, with their spread', () => {
    const tree = treeOf({
      results: [result('baseline.f0.s0', 0.1), result('baseline.f0.s0.2', 0.5), result('baseline.f1.s0', 0.7)],
    })
    const { score, scored } = tree.experiment('baseline')
    expect(score.mean).toBeCloseTo(0.6)
    expect(score.deviation).toBeCloseTo(0.1414, 3)
    expect(scored.map(({ run }) => run)).toEqual(['baseline.f0.s0.2', 'baseline.f1.s0'])
    expect(tree.isCounted('baseline.f0.s0')).toBe(false)
  })

  it('never counts debug runs, which lie under the experiment that they check', () => {
    const tree = treeOf({
      files: { baseline: {} },
      results: [result('baseline.f0.s0', 0.5)],
      runs: [runOf('baseline-debug.f0.s0', 'finished')],
    })
    expect(listed(tree)).toEqual(['baseline'])
    expect(tree.experiment('baseline').score.count).toBe(1)
    expect(tree.debugRunsOf('baseline')).toEqual(['baseline-debug.f0.s0'])
    expect(tree.runsOf('baseline', 0)).toEqual(['baseline.f0.s0'])
  })

  it('belongs to an experiment of its own where a file has the name of a debug run', () => {
    const tree = treeOf({ files: { baseline: {}, 'fast-debug': {} }, runs: [runOf('fast-debug.f0.s0', 'finished')] })
    expect(listed(tree)).toEqual(['baseline', 'fast-debug'])
    expect(tree.runsOf('fast-debug', 0)).toEqual(['fast-debug.f0.s0'])
  })

  it('is shown without differences while results come from different splits, and the reason is known', () => {
    const other = { ...result('new.f0.s0', 0.9), splitHash: 'another' }
    const tree = treeOf({ results: [...baselineResults, other] })
    expect(tree.problem?.message).toMatch(/different splits/)
    expect(tree.experiment('new').score.mean).toBeCloseTo(0.9)
    expect(tree.experiment('new').difference).toBeUndefined()
  })

  it('is mIoU, without baseline and folds, while the project file is broken', () => {
    const broken = new UserError('a comma is missing before this', { file: 'project.jsonc', line: 3 })
    const tree = treeOf({ results: baselineResults, project: broken })
    expect(tree.problem).toBe(broken)
    expect(tree.experiment('baseline')).toMatchObject({ isBaseline: false, difference: undefined })
    expect(tree.experiment('baseline').score.mean).toBeCloseTo(0.6)
    expect(tree.foldsOf('baseline')).toEqual([0, 1])
  })
})

describe('the difference from the baseline', () => {
  const judged = (mIoU: number): ReturnType<ProjectTree['experiment']>['difference'] =>
    treeOf({ results: [...baselineResults, result('new.f0.s0', mIoU)] }).experiment('new').difference

  it('is paired by fold and judged by the spread of the baseline', () => {
    const [{ scores }] = baselineResults
    expect(judged(scores.mIoU + 0.09)).toMatchObject({ verdict: 'within-noise' })
    expect(judged(scores.mIoU + 0.11)).toMatchObject({ verdict: 'better' })
    expect(judged(scores.mIoU - 0.11)).toMatchObject({ verdict: 'worse' })
    expect(judged(0.9)?.noise).toBeCloseTo(0.1)
    expect(judged(0.9)?.folds.get(0)).toBeCloseTo(0.9 - scores.mIoU)
  })

  it('has no judgement with one run of the baseline, and does not exist without a fold in common', () => {
    const one = treeOf({ results: [result('baseline.f0.s0', 0.5), result('new.f0.s0', 0.9)] })
    expect(one.experiment('new').difference).toMatchObject({ verdict: 'noise-unknown', noise: null })
    const apart = treeOf({ results: [result('baseline.f0.s0', 0.5), result('new.f1.s0', 0.9)] })
    expect(apart.experiment('new').difference).toBeUndefined()
  })
})

describe('the conditions that changed', () => {
  const changed = { loss: [...baselineConfig.loss, { name: 'DiceLoss', weight: 0.5 }] }

  it('are those that the results recorded', () => {
    const tree = treeOf({
      files: { baseline: {}, dice: { train: { epochs: 99 } } },
      results: [result('baseline.f0.s0', 0.5), result('dice.f0.s0', 0.6, changed)],
    })
    expect(tree.changesOf('dice')).toMatchObject([{ words: 'loss: + DiceLoss × 0.5', path: 'loss[1]' }])
  })

  it('are those of the files while one of the two is not trained', () => {
    const files = { baseline: { optimizer: { name: 'Adam' } }, longer: { extends: 'baseline', train: { epochs: 99 } } }
    const tree = treeOf({ files, results: [result('baseline.f0.s0', 0.5)] })
    expect(tree.changesOf('longer')).toMatchObject([{ words: 'epochs: default → 99' }])
    expect(treeOf({ files }).changesOf('longer')).toHaveLength(1)
  })

  it('are an error where a file is broken, and unknown where another version recorded them', () => {
    const broken = new UserError('a comma is missing before this')
    expect(treeOf({ files: { baseline: {}, typing: broken } }).changesOf('typing')).toBe(broken)
    const other = { ...result('new.f0.s0', 0.6), config: { architecture: 'Unet' } }
    expect(treeOf({ results: [result('baseline.f0.s0', 0.5), other] }).changesOf('new')).toBeUndefined()
  })
})

describe('the list of experiments', () => {
  const results = [
    ...baselineResults,
    result('good.f0.s0', 0.9),
    result('lr-10.f0.s0', 0.2),
    result('lr-9.f1.s0', 0.95),
  ]
  const files = { baseline: {}, good: {}, untried: {}, 'lr-9': {} }

  it('has experiments with and without a file, and says which', () => {
    const tree = treeOf({ files: { ...files, bad: new UserError('broken') }, results })
    expect(listed(tree)).toEqual(['baseline', 'bad', 'good', 'lr-9', 'lr-10', 'untried'])
    expect(['good', 'lr-10', 'bad'].map((name) => tree.experiment(name).file)).toEqual(['there', 'missing', 'broken'])
    expect(tree.hasRuns('untried')).toBe(false)
  })

  it('begins with the baseline in every order; what has no number comes last', () => {
    const tree = treeOf({ files, results })
    expect(listed(tree, { sort: 'score' })).toEqual(['baseline', 'lr-9', 'good', 'lr-10', 'untried'])
    expect(listed(tree, { sort: 'difference' })).toEqual(['baseline', 'good', 'lr-9', 'lr-10', 'untried'])
  })

  it('can be ordered by what happened last', () => {
    const runs = [
      runOf('good.f0.s0', 'finished', { lastTime: '2026-01-01T00:00:00.000Z' }),
      runOf('lr-9-debug.f0.s0', 'finished', { lastTime: '2026-03-01T00:00:00.000Z' }),
    ]
    expect(listed(treeOf({ files, runs }), { sort: 'activity' })).toEqual(['baseline', 'lr-9', 'good', 'untried'])
  })

  it('shows the folds of the split and those that were trained beyond them', () => {
    const tree = treeOf({ files, runs: [runOf('good.f7.s0', 'failed')] })
    expect(tree.foldsOf('good')).toEqual([0, 1, 7])
    expect(tree.foldsOf('untried')).toEqual([0, 1])
  })

  it('orders the runs of a fold by seed, the last attempt first', () => {
    const names = ['good.f0.s1', 'good.f0.s0', 'good.f0.s0.10', 'good.f0.s0.9', 'good.f1.s0']
    const tree = treeOf({ files, runs: names.map((name) => runOf(name, 'finished')) })
    expect(tree.runsOf('good', 0)).toEqual(['good.f0.s0.10', 'good.f0.s0.9', 'good.f0.s0', 'good.f0.s1'])
  })
})

describe('a filter', () => {
  const files = { baseline: {}, cutout: { tags: ['small classes'] }, dice: { loss: [{ name: 'DiceLoss' }] } }
  const runs = [runOf('cutout.f0.s0', 'failed'), runOf('cutout.f1.s0', 'finished'), runOf('dice.f0.s0', 'failed')]

  it('finds names, tags and changed conditions', () => {
    const tree = treeOf({ files, runs })
    expect(listed(tree, { filter: 'CUT' })).toEqual(['cutout'])
    expect(listed(tree, { filter: 'small' })).toEqual(['cutout'])
    expect(listed(tree, { filter: 'diceloss' })).toEqual(['dice'])
  })

  it('finds states, and leaves only the runs that have them', () => {
    const tree = treeOf({ files, runs })
    expect(listed(tree, { filter: 'failed' })).toEqual(['cutout', 'dice'])
    expect(tree.foldsOf('cutout')).toEqual([0])
    expect(tree.runsOf('cutout', 1)).toEqual([])
    expect(listed(tree, { filter: 'cutout failed' })).toEqual(['cutout'])
    expect(listed(tree, { filter: 'nothing' })).toEqual([])
  })

  it('leaves an experiment whole that it finds itself, and everything when it is cleared', () => {
    const tree = treeOf({ files, runs })
    listed(tree, { filter: 'cutout' })
    expect(tree.foldsOf('cutout')).toEqual([0, 1])
    listed(tree, { filter: 'failed' })
    listed(tree)
    expect(tree.runsOf('cutout', 1)).toEqual(['cutout.f1.s0'])
  })
})

describe('a result that cannot be read', () => {
  const error = new UserError('this file is of another version', { file: 'foldwise/results/new.f1.s0.json' })

  it('has a row that says so, counts in no score, and hides no other result', () => {
    const store = storeOf({ results: [...baselineResults, result('new.f0.s0', 0.9)] })
    store.unreadableResults.set('new.f1.s0', error).set('colleague.f0.s0.2', error)
    const tree = new ProjectTree(store)
    expect(listed(tree)).toEqual(['baseline', 'colleague', 'new'])
    expect(tree.run('new.f1.s0')).toMatchObject({ phase: 'elsewhere', fold: 1, score: null, resultProblem: error })
    expect(tree.run('colleague.f0.s0.2')).toMatchObject({ fold: 0, seed: 0, attempt: 2, resultProblem: error })
    expect(tree.experiment('new').score).toMatchObject({ count: 1, mean: 0.9 })
    expect(tree.experiment('colleague')).toMatchObject({ isTrained: false, difference: undefined })
    expect(tree.hasRuns('colleague')).toBe(true)
  })

  it('leaves the row of a run that lies here, with what its events say', () => {
    const store = storeOf({ runs: [runOf('good.f0.s0', 'finished', { best: { ...result('good.f0.s0', 0.7).best } })] })
    store.unreadableResults.set('good.f0.s0', error)
    const tree = new ProjectTree(store)
    expect(tree.run('good.f0.s0')).toMatchObject({ phase: 'finished', score: 0.7, resultProblem: error })
    expect(tree.experiment('good').score.count).toBe(0)
  })

  it('that is mended or deleted leaves no stale row', () => {
    const store = storeOf({ results: baselineResults })
    store.unreadableResults.set('new.f0.s0', error)
    const tree = new ProjectTree(store)
    const names = new Set(['new.f0.s0'])
    store.unreadableResults.delete('new.f0.s0')
    store.results.set('new.f0.s0', result('new.f0.s0', 0.9))
    expect(tree.update(names)).toMatchObject({ experiments: ['new'], isListChanged: true })
    expect(tree.run('new.f0.s0')).toMatchObject({ score: 0.9, resultProblem: undefined })
    expect(tree.experiment('new').difference).toBeDefined()
    store.results.delete('new.f0.s0')
    expect(tree.update(names)).toMatchObject({ isListChanged: true })
    expect(listed(tree)).toEqual(['baseline'])
  })
})

describe('a change of runs', () => {
  const given = {
    files: { baseline: {}, good: {} },
    runs: [runOf('good.f0.s0', 'running', { epoch: 1 })],
    results: baselineResults,
  }

  it('that is progress touches the run alone', () => {
    const store = storeOf(given)
    const tree = new ProjectTree(store)
    const before = tree.experiment('good')
    store.runs.set('good.f0.s0', runOf('good.f0.s0', 'running', { epoch: 2 }))
    expect(tree.update(new Set(['good.f0.s0']))).toEqual({
      runs: ['good.f0.s0'],
      experiments: [],
      isListChanged: false,
    })
    expect(tree.experiment('good')).toBe(before)
    expect(tree.summary('good.f0.s0')?.progress.epoch).toBe(2)
  })

  it('that is an end touches its experiment', () => {
    const store = storeOf(given)
    const tree = new ProjectTree(store)
    expect(tree.experiment('good').running).toBe(1)
    store.runs.set('good.f0.s0', runOf('good.f0.s0', 'stopped'))
    expect(tree.update(new Set(['good.f0.s0']))).toEqual({ runs: [], experiments: ['good'], isListChanged: false })
    expect(tree.experiment('good').running).toBe(0)
  })

  it('that is a result of the baseline changes every difference', () => {
    const store = storeOf({ ...given, results: [...baselineResults, result('good.f0.s0', 0.9)] })
    const tree = new ProjectTree(store)
    const before = tree.experiment('good').difference!.value
    store.results.set('baseline.f0.s0', result('baseline.f0.s0', 0.1))
    expect(tree.update(new Set(['baseline.f0.s0']))).toMatchObject({ isListChanged: true })
    expect(tree.experiment('good').difference!.value).toBeGreaterThan(before)
  })

  it('that is a new run or a deleted one changes the list, and leaves no stale row', () => {
    const store = storeOf(given)
    const tree = new ProjectTree(store)
    store.runs.set('other.f0.s0', runOf('other.f0.s0', 'running'))
    expect(tree.update(new Set(['other.f0.s0']))).toMatchObject({ isListChanged: true })
    expect(listed(tree)).toEqual(['baseline', 'good', 'other'])
    store.runs.delete('other.f0.s0')
    expect(tree.update(new Set(['other.f0.s0']))).toMatchObject({ isListChanged: true })
    expect(listed(tree)).toEqual(['baseline', 'good'])
    expect(tree.run('other.f0.s0')).toBeUndefined()
  })

  it('of which nothing was known and nothing is left is none', () => {
    const tree = treeOf(given)
    expect(tree.update(new Set(['ghost.f0.s0']))).toMatchObject({ experiments: [], isListChanged: false })
  })
})
