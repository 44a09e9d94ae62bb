import { describe, expect, it, vi } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { experimentLens } from '../../../src/extension/language/experimentLens.ts'
import { standingText, trainingText } from '../../../src/extension/language/lensTexts.ts'
import { runOf } from '../samples.ts'
import { result, storeOf } from '../tree/treeSamples.ts'

vi.mock('vscode', () => import('../vscodeTexts.ts'))

const files = { baseline: {}, cutout: { extends: 'baseline' } }
const started = { time: '2026-01-31T09:30:00.000Z', device: 'CPU', epochs: 20, stepsPerEpoch: 10 }
const baselineResults = [result('baseline.f0.s0', 0.7), result('baseline.f1.s0', 0.704)]

describe('what stands above an experiment', () => {
  it('is that it was never trained', () => {
    const lens = experimentLens(storeOf({ files }), 'cutout')
    expect(standingText(lens)).toBe('not trained yet')
    expect(trainingText(lens)).toBeUndefined()
    expect(lens.hasRunsHere).toBe(false)
  })

  it('is its score over the folds, and the difference from the baseline with its verdict', () => {
    const results = [...baselineResults, result('cutout.f0.s0', 0.712), result('cutout.f1.s0', 0.716)]
    const lens = experimentLens(storeOf({ files, results }), 'cutout')
    expect(standingText(lens)).toBe('mIoU 0.714 ± 0.003 (2 folds), ▲ +0.012')
  })

  it('has no difference on the baseline itself', () => {
    const lens = experimentLens(storeOf({ files, results: baselineResults }), 'baseline')
    expect(lens.facts.isBaseline).toBe(true)
    expect(standingText(lens)).toBe('mIoU 0.702 ± 0.003 (2 folds)')
  })

  it('is the epoch in training, of an experiment and of its debug run', () => {
    const running = runOf('cutout.f1.s0', 'running', { started, epoch: 2, phase: 'train' })
    const debug = runOf('baseline-debug.f0.s0', 'running', {
      started: { ...started, epochs: 2 },
      epoch: 0,
      phase: 'train',
    })
    const source = storeOf({ files, runs: [running, debug] })
    expect(trainingText(experimentLens(source, 'cutout'))).toBe('training: epoch 3/20')
    expect(trainingText(experimentLens(source, 'baseline'))).toBe('debug run: epoch 1/2')
  })

  it('is that runs without a score have none', () => {
    const lens = experimentLens(storeOf({ files, runs: [runOf('cutout.f0.s0', 'failed')] }), 'cutout')
    expect(standingText(lens)).toBe('no score yet')
    expect(lens.hasRunsHere).toBe(true)
  })

  it('takes no run of an experiment whose name begins alike', () => {
    const results = [...baselineResults, result('cutout2.f0.s0', 0.1)]
    expect(standingText(experimentLens(storeOf({ files, results }), 'cutout'))).toBe('not trained yet')
  })

  it('keeps the score while the project file is broken', () => {
    const project = new UserError('a comma is missing before this', { file: '/project', line: 1 })
    const results = [...baselineResults, result('cutout.f0.s0', 0.712)]
    const lens = experimentLens(storeOf({ files, results, project }), 'cutout')
    expect(standingText(lens)).toBe('mIoU 0.712 (1 fold)')
  })
})
