import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { endMessage, type EndFacts } from '../../../src/extension/status/endTexts.ts'
import { differenceOnFold } from '../../../src/extension/status/foldDifference.ts'
import { placeIn } from '../../../src/extension/status/messagePlace.ts'
import type { Outcome, Work } from '../../../src/extension/supervisor/job.ts'
import type { EndedJob } from '../../../src/extension/supervisor/jobQueue.ts'
import { temporaryFolder } from '../../runs/folders.ts'
import { resultOf } from '../samples.ts'

vi.mock('vscode', () => import('../vscodeTexts.ts'))

const train: Work = { kind: 'train', experiment: 'a', fold: 0 }
const nothing: EndFacts = { score: undefined, difference: undefined, isResumable: false, namesFile: false }

function ended(work: Work, outcome: Partial<Outcome>, dropped: readonly Work[] = []): EndedJob {
  const job = (each: Work): EndedJob['job'] => ({ id: '1', root: '/a', work: each })
  const whole = { state: 'finished', run: 'a.f0.s0', message: undefined, hint: undefined, checks: [], words: '', ...outcome } as const // prettier-ignore
  return { job: job(work), outcome: whole, dropped: dropped.map(job) }
}

describe('what is said at the end of a run', () => {
  it('is its score, and the difference from the baseline on its fold where there is one', () => {
    const score = { metric: 'mIoU', value: 0.7142 }
    expect(endMessage(ended(train, {}), { ...nothing, score })).toEqual({
      severity: 'information',
      text: 'a.f0.s0 is trained: mIoU 0.714.',
      actions: ['openOverlay', 'openCurves'],
    })
    expect(endMessage(ended(train, {}), { ...nothing, score, difference: -0.01 }).text).toBe(
      'a.f0.s0 is trained: mIoU 0.714, −0.010 against the baseline on this fold.',
    )
  })

  it('is whether it can go on after a stop', () => {
    expect(endMessage(ended(train, { state: 'stopped' }), { ...nothing, isResumable: true })).toMatchObject({
      text: 'a.f0.s0 has stopped, with a checkpoint.',
      actions: ['resume'],
    })
    expect(endMessage(ended(train, { state: 'stopped', run: undefined }), nothing)).toMatchObject({
      text: 'a, fold 0 has stopped.',
      actions: [],
    })
  })

  it('is why it failed, what to do, and what can be done from here', () => {
    const outcome = { state: 'failed', message: 'no space left', hint: 'Free some.' } as const
    expect(endMessage(ended(train, outcome), { ...nothing, isResumable: true, namesFile: true })).toEqual({
      severity: 'error',
      text: 'a.f0.s0 failed: no space left Free some.',
      actions: ['resume', 'openFile', 'showLog'],
    })
  })

  it('offers the weights that were missing', () => {
    const download = { encoder: 'resnet18', weights: 'ssl', bytes: 45e6, licence: 'CC-BY-NC-4.0' }
    const outcome = { state: 'failed', message: 'The "ssl" weights are not on this machine.', download } as const
    expect(endMessage(ended(train, outcome), nothing).actions).toEqual(['encoderWeights', 'showLog'])
  })

  it('names files of the project as the person sees them', () => {
    const outcome = { state: 'failed', run: undefined, message: '/a/foldwise/project.jsonc:3: no' } as const
    expect(endMessage(ended(train, outcome), nothing).text).toBe('a, fold 0 failed: foldwise/project.jsonc:3: no')
  })

  it('names what was taken out of the queue with it', () => {
    const others: readonly Work[] = [{ ...train, fold: 1 }, { ...train, fold: 2, seed: 3 }] // prettier-ignore
    const message = endMessage(ended(train, { state: 'failed', run: undefined, message: 'm' }, others), nothing)
    expect(message.text).toBe(
      'a, fold 0 failed: m Taken out of the queue, as they would fail alike: a, fold 1; a, fold 2, seed 3.',
    )
    expect(message.actions).toEqual(['queueAgain', 'showLog'])
  })

  it('is the verdict of a debug run', () => {
    const debug: Work = { kind: 'debug', experiment: 'a', fold: 0 }
    const pass = { verdict: 'pass', message: 'the loss falls.' }
    expect(endMessage(ended(debug, { checks: [pass] }), nothing)).toEqual({
      severity: 'information',
      text: 'debug run of a: no check fails.',
      actions: ['trainFold'],
    })
    const fail = { verdict: 'fail', message: 'one batch cannot be learnt.' }
    expect(endMessage(ended(debug, { checks: [pass, fail] }), nothing)).toMatchObject({
      severity: 'warning',
      text: 'debug run of a: one batch cannot be learnt.',
    })
  })
})

describe('the difference from the baseline on a fold', () => {
  const project = { baseline: 'baseline', primary_metric: 'mIoU' } as const
  const results = [
    resultOf('baseline.f0.s0', 0.5),
    resultOf('baseline.f0.s1', 0.7),
    resultOf('baseline.f1.s0', 0.1),
    resultOf('x.f0.s0', 0.9),
  ]

  it("is that from the baseline's mean on it", () => {
    expect(differenceOnFold(results, resultOf('x.f0.s1', 0.65), project)).toBeCloseTo(0.05)
  })

  it('is not known for the baseline, on another fold, or from another split', () => {
    expect(differenceOnFold(results, resultOf('baseline.f0.s2', 0.5), project)).toBeUndefined()
    expect(differenceOnFold(results, resultOf('x.f2.s0', 0.5), project)).toBeUndefined()
    const foreign = { ...resultOf('x.f0.s0', 0.5), splitHash: 'other' }
    expect(differenceOnFold(results, foreign, project)).toBeUndefined()
  })
})

describe('the place that a message begins with', () => {
  function root(): string {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'masks'))
    writeFileSync(join(folder, 'masks', 'a.png'), '')
    writeFileSync(join(folder, 'project.jsonc'), '')
    return folder
  }

  it('is a file with its line, absolute or in the project', () => {
    const folder = root()
    const file = join(folder, 'project.jsonc')
    expect(placeIn(`${file}:4: "arch" is unknown: Unett`, folder)).toEqual({ file, line: 4 })
    expect(placeIn('masks/a.png: value 7 is no class', folder)).toEqual({
      file: join(folder, 'masks', 'a.png'),
      line: undefined,
    })
  })

  it('is none where no such file exists, or the message is about something else', () => {
    const folder = root()
    expect(placeIn('masks/b.png: value 7 is no class', folder)).toBeUndefined()
    expect(placeIn('TypeError: x is no function', folder)).toBeUndefined()
    expect(placeIn('the loss is not a number', folder)).toBeUndefined()
  })
})
