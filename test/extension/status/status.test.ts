import { describe, expect, it, vi } from 'vitest'
import { factsOf, paceOf } from '../../../src/extension/status/runFacts.ts'
import {
  spokenStatus,
  statusText,
  statusTooltip,
  type StatusSubject,
} from '../../../src/extension/status/statusTexts.ts'
import type { Job } from '../../../src/extension/supervisor/job.ts'
import { resultSample } from '../../runs/samples.ts'
import { runOf } from '../samples.ts'

vi.mock('vscode', () => import('../vscodeTexts.ts'))

const begin = Date.parse('2026-01-31T09:30:00.000Z')
const at = (seconds: number): string => new Date(begin + seconds * 1000).toISOString()
/** 10 epochs of 20 steps. */
const started = { time: at(0), device: 'cpu', epochs: 10, stepsPerEpoch: 20 }

describe('the pace of a run', () => {
  const first = runOf('a.f0.s0', 'running', { started, step: 4, lastTime: at(30) })
  const later = runOf('a.f0.s0', 'running', { started, step: 24, epoch: 1, lastTime: at(40) })

  it('is measured from its first step that was seen, by the times of the events', () => {
    const pace = paceOf(undefined, '/a', first)
    expect(paceOf(pace, '/a', later)).toBe(pace)
    // 20 steps in 10 seconds; 176 are left.
    expect(factsOf(later, pace).millisecondsLeft).toBe(88_000)
  })

  it('is not known before a step, nor at the first', () => {
    expect(paceOf(undefined, '/a', runOf('a.f0.s0', 'running', { started, lastTime: at(1) }))).toBeUndefined()
    expect(factsOf(first, paceOf(undefined, '/a', first)).millisecondsLeft).toBeUndefined()
  })

  it('begins anew with another run, the same of another project, and a resumed one', () => {
    const pace = paceOf(undefined, '/a', later)
    expect(paceOf(pace, '/b', later)?.root).toBe('/b')
    expect(paceOf(pace, '/a', first)?.step).toBe(4)
    expect(paceOf(pace, '/a', runOf('a.f1.s0', 'running', { started, step: 30, lastTime: at(50) }))?.run).toBe(
      'a.f1.s0',
    )
  })
})

describe('where a run stands', () => {
  it('is its epoch in training and the share of its steps', () => {
    const run = runOf('a.f0.s0', 'running', { started, step: 45, epoch: 2, lastTime: at(60), phase: 'train' })
    expect(factsOf(run, undefined)).toMatchObject({ preparation: undefined, epoch: { number: 3, count: 10 }, percent: 22 }) // prettier-ignore
  })

  it('is what the trainer does before its first step', () => {
    expect(factsOf(runOf('a.f0.s0', 'running', { started, phase: 'compile' }), undefined)).toMatchObject({
      preparation: 'compile',
      percent: undefined,
    })
  })

  it('is the number of its checks in a debug run, whose steps are no share of a whole', () => {
    const check = { type: 'check', time: at(5), name: 'loss', verdict: 'pass', message: 'm', values: {} } as const
    const run = runOf('a-debug.f0.s0', 'running', { started, step: 7, lastTime: at(9), checks: [check] })
    const facts = factsOf(run, undefined)
    expect(facts).toMatchObject({ checks: 1, percent: undefined, epoch: undefined })
    expect(statusText({ facts, job: undefined, others: [], waiting: [] })).toBe(
      '$(sync~spin) a-debug.f0.s0 · checks done: 1',
    )
  })

  it('never passes the end', () => {
    const run = runOf('a.f0.s0', 'running', { started, step: 201, epoch: 10, lastTime: at(60) })
    expect(factsOf(run, undefined)).toMatchObject({ epoch: { number: 10, count: 10 }, percent: 100 })
  })
})

describe('the status bar', () => {
  const job: Job = {
    id: '1',
    root: '/a',
    work: { kind: 'train', experiment: 'a', fold: 0 },
    process: { pid: 1, host: 'h' },
  }
  const waiting: readonly Job[] = [
    { id: '2', root: '/a', work: { kind: 'train', experiment: 'a', fold: 1 } },
    { id: '3', root: '/a', work: { kind: 'debug', experiment: 'b', fold: 0 } },
  ]
  const run = runOf('a.f0.s0', 'running', {
    started,
    step: 45,
    epoch: 2,
    loss: 0.25,
    lastTime: at(60),
    valid: resultSample.scores,
  })
  const facts = { ...factsOf(run, undefined), millisecondsLeft: 240_000 }
  const subject: StatusSubject = { facts, job, others: [], waiting }

  it('tells run, epoch, share, time left and how many wait', () => {
    expect(statusText(subject)).toBe('$(sync~spin) a.f0.s0 · epoch 3/10 · 22 % · 4 min left +2')
  })

  it('says the same without icons to a screen reader', () => {
    expect(spokenStatus(subject)).toBe('Foldwise, a.f0.s0, epoch 3/10, 22 %, 4 min left, 2 more in the queue')
  })

  it('tells of a trainer that starts, of preparation, and of a stop that was asked', () => {
    expect(statusText({ ...subject, facts: undefined, waiting: [] })).toBe('$(sync~spin) a, fold 0 · starting')
    const compiling = factsOf(runOf('a.f0.s0', 'running', { started, phase: 'compile' }), undefined)
    expect(statusText({ ...subject, facts: compiling, waiting: [] })).toBe('$(sync~spin) a.f0.s0 · compiling')
    expect(statusText({ ...subject, job: { ...job, isToStop: true }, waiting: [] })).toBe(
      '$(sync~spin) a.f0.s0 · epoch 3/10 · 22 % · stopping',
    )
  })

  it('says why nothing begins', () => {
    expect(statusText({ facts: undefined, job: undefined, others: [], waiting })).toBe(
      '$(clock) 2 in the queue wait for trust in this workspace',
    )
  })

  it('has device, scores and queue in its tooltip', () => {
    const tooltip = statusTooltip({ ...subject, others: ['b_1.f0.s0'] }, run, 'auto')
    expect(tooltip.split('\n')).toEqual([
      '**a.f0.s0 · epoch 3/10 · 22 % · 4 min left**',
      '',
      '- Device: cpu',
      '- Loss: 0.250',
      '- Validation after epoch 2: mIoU 0.600',
      '- Device setting: auto',
      String.raw`- Also in training: b\_1.f0.s0`,
      '- In the queue: a, fold 1; debug run of b',
      '',
      'Select for stop, curves and queue.',
    ])
  })
})
