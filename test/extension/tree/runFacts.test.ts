import { describe, expect, it } from 'vitest'
import { experimentContext, foldContext, runContext } from '../../../src/extension/tree/contextValue.ts'
import { deviceName, resultFacts, runFacts } from '../../../src/extension/tree/runFacts.ts'
import type { EventOf } from '../../../src/protocol/events.ts'
import { UserError } from '../../../src/core/errors.ts'
import { resultSample } from '../../runs/samples.ts'
import { runOf } from '../samples.ts'
import { result, treeOf } from './treeSamples.ts'

const started = { time: '2026-01-31T09:30:00.000Z', device: 'CPU (some)', epochs: 20, stepsPerEpoch: 5 }
const valid = { ...resultSample.scores, mIoU: 0.4 }
const last: EventOf<'checkpoint'> = {
  type: 'checkpoint',
  time: started.time,
  kind: 'last',
  epoch: 3,
  step: 10,
  file: 'checkpoints/last.safetensors',
}

describe('facts of a run', () => {
  it('in training name the epoch it is in; otherwise the epochs done', () => {
    const at = (phase: 'running' | 'stopped', epoch: number): number =>
      runFacts(runOf('a.f0.s0', phase, { started, epoch }), undefined, 'mIoU').epoch
    expect([at('running', 0), at('running', 2), at('running', 20), at('stopped', 2)]).toEqual([1, 3, 20, 2])
  })

  it('take the best score from the result, else from its end, else from the last validation', () => {
    const best = { ...resultSample.best, epoch: 8, mIoU: 0.7 }
    const running = runOf('a.f0.s0', 'running', { started, valid })
    const finished = runOf('a.f0.s0', 'finished', { started, valid, best })
    expect(runFacts(running, undefined, 'mIoU')).toMatchObject({ score: 0.4, bestEpoch: undefined })
    expect(runFacts(finished, undefined, 'mIoU')).toMatchObject({ score: 0.7, bestEpoch: 8 })
    expect(runFacts(finished, result('a.f0.s0', 0.71), 'mIoU').score).toBe(0.71)
    expect(runFacts(runOf('a.f0.s0', 'failed'), undefined, 'mIoU').score).toBeNull()
  })

  it('measure the time up to the last event where no result says it', () => {
    const lastTime = '2026-01-31T09:31:00.000Z'
    expect(runFacts(runOf('a.f0.s0', 'failed', { lastTime }), undefined, 'mIoU').duration).toBe(60_000)
    expect(runFacts(runOf('a.f0.s0', 'running'), undefined, 'mIoU').duration).toBeUndefined()
  })

  it('of a result alone say that the run is elsewhere and when it began', () => {
    const facts = resultFacts({ ...result('a.f0.s0', 0.6), durationMs: 60_000 }, 1, 'mIoU')
    expect(facts).toMatchObject({ phase: 'elsewhere', created: '2026-01-31T10:29:00.000Z', device: undefined })
  })

  it('shorten a device to what it is', () => {
    expect(deviceName('CPU (Intel(R) Xeon(R) Processor)')).toBe('CPU')
    expect(deviceName('cuda:0')).toBe('cuda:0')
  })
})

describe('the context of a row, which menus ask for', () => {
  it('of a run says its state, what it has, and whether it can go on', () => {
    const of = (...given: Parameters<typeof runOf>): string =>
      runContext(runFacts(runOf(...given), undefined, 'mIoU'), { isDebug: false, hasPredictions: false })
    const checkpoints = { last }
    expect(of('a.f0.s0', 'running', { checkpoints })).toBe('run.running')
    expect(of('a.f0.s0', 'failed')).toBe('run.failed')
    expect(of('a.f0.s0', 'failed', { checkpoints })).toBe('run.failed.resumable')
    expect(of('a-debug.f0.s0', 'stopped', { checkpoints })).toBe('run.stopped')
    const finished = runFacts(runOf('a.f0.s0', 'finished'), undefined, 'mIoU')
    expect(runContext(finished, { isDebug: false, hasPredictions: true })).toBe('run.finished.predictions')
    expect(runContext(finished, { isDebug: true, hasPredictions: false })).toBe('run.finished.debug')
  })

  it('of an experiment says whether it is the baseline, has a file and has results', () => {
    const tree = treeOf({
      files: { baseline: {}, typing: new UserError('broken') },
      results: [result('baseline.f0.s0', 0.5), result('gone.f0.s0', 0.5)],
    })
    const contexts = ['baseline', 'typing', 'gone'].map((name) => experimentContext(tree.experiment(name)))
    expect(contexts).toEqual(['experiment.baseline.file.results', 'experiment.broken', 'experiment.missing.results'])
    expect(['baseline', 'gone'].map((name) => foldContext(tree.experiment(name)))).toEqual(['fold.file', 'fold'])
  })
})
