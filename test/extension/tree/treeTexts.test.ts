import { describe, expect, it, vi } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { resultFacts, runFacts, unreadableFacts } from '../../../src/extension/tree/runFacts.ts'
import {
  judgedDifferenceText,
  judgementText,
  runStateText,
  spreadScoreText,
} from '../../../src/extension/tree/treeTexts.ts'
import { lastCheckpoint, runOf } from '../samples.ts'
import { result, treeOf } from './treeSamples.ts'

vi.mock('vscode', () => import('../vscodeTexts.ts'))

const baseline = [result('baseline.f0.s0', 0.5), result('baseline.f1.s0', 0.7)]

describe('the score of an experiment', () => {
  const text = (...runs: readonly string[]): string | undefined =>
    spreadScoreText(treeOf({ results: runs.map((run, index) => result(run, 0.5 + index / 10)) }).experiment('new'))

  it('always says how many folds it is over, and how many runs where these are more', () => {
    expect(text('new.f0.s0')).toBe('0.500 (1 fold)')
    expect(text('new.f0.s0', 'new.f1.s0')).toBe('0.550 ± 0.071 (2 folds)')
    expect(text('new.f0.s0', 'new.f0.s1', 'new.f1.s0')).toBe('0.600 ± 0.100 (2 folds, 3 runs)')
    expect(text()).toBeUndefined()
  })
})

describe('the difference from the baseline', () => {
  const judged = (mIoU: number, base = baseline): readonly string[] => {
    const difference = treeOf({ results: [...base, result('new.f0.s0', mIoU)] }).experiment('new').difference!
    return [judgedDifferenceText(difference), judgementText(difference)]
  }

  it('has a sign for its judgement, and a sentence that names the noise', () => {
    expect(judged(0.9)).toEqual([
      '▲ +0.400',
      '+0.400 from the baseline: better by more than its folds and seeds scatter (0.141)',
    ])
    expect(judged(0.3)[0]).toBe('▼ −0.200')
    expect(judged(0.51)[0]).toBe('≈ +0.010')
  })

  it('without noise says what to train', () => {
    const [sign, sentence] = judged(0.9, baseline.slice(0, 1))
    expect(sign).toBe('+0.400')
    expect(sentence).toContain('noise unknown: train the baseline on another fold or seed')
  })
})

describe('the state of a run', () => {
  const started = { time: '', device: 'CPU (some)', epochs: 20, stepsPerEpoch: 5 }
  const valid = result('a.f0.s0', 0.4).scores
  const text = (...given: Parameters<typeof runOf>): string => runStateText(runFacts(runOf(...given), undefined, 'mIoU'), 'mIoU') // prettier-ignore

  it('in training is what the trainer does, then its epoch and score', () => {
    expect(text('a.f0.s0', 'running', { started })).toBe('starting')
    expect(text('a.f0.s0', 'running', { started, phase: 'compile' })).toBe('compiling')
    expect(text('a.f0.s0', 'running', { started, phase: 'train', epoch: 2, valid })).toBe('epoch 3/20, mIoU 0.400')
  })

  it('says that its result cannot be read, after what its events say', () => {
    const error = new UserError('another version')
    const identity = { experiment: 'a', fold: 0, seed: 0, attempt: 1 }
    expect(runStateText(unreadableFacts('a.f0.s0', identity, error), 'mIoU')).toBe('result cannot be read')
    expect(runStateText(runFacts(runOf('a.f0.s0', 'finished', { valid }), undefined, 'mIoU', error), 'mIoU')).toBe(
      'mIoU 0.400 · result cannot be read',
    )
  })

  it('at its end is the best score, or how it ended and how far it came', () => {
    expect(runStateText(resultFacts(result('a.f0.s0', 0.6), 1, 'mIoU'), 'mIoU')).toBe(
      'mIoU 0.600 at epoch 7 · result only',
    )
    expect(text('a.f0.s0', 'finished')).toBe('finished')
    expect(text('a.f0.s0', 'stopped', { started, epoch: 2, checkpoints: { last: lastCheckpoint } })).toBe(
      'stopped · epoch 2/20',
    )
    expect(runStateText({ ...runFacts(runOf('a.f0.s0', 'failed'), undefined, 'mIoU'), problem: 'newer' }, 'mIoU')).toBe(
      'cannot be read',
    )
  })
})
