import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { runFiles } from '../../src/protocol/runFolder.ts'
import { RunLock } from '../../src/runs/lock.ts'
import { readRunSummary } from '../../src/runs/runSummary.ts'
import { temporaryProject } from './folders.ts'
import { recordSample } from './samples.ts'

const time = '2026-01-31T09:30:00.000Z'
const step = (number: number): object => ({ time, type: 'step', step: number, epoch: 1, loss: 0.5, parts: {}, lr: 1, gradNorm: 1, imagesPerSecond: 1, dataWaitMs: 0 }) // prettier-ignore
const phase = { time, v: 1, type: 'phase', phase: 'train' }

async function runWith(...events: readonly object[]): Promise<{ root: string; folder: string }> {
  const { root } = await temporaryProject()
  const folder = join(root, 'foldwise', 'runs', 'baseline.f0.s1')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, runFiles.record), JSON.stringify(recordSample))
  writeFileSync(join(folder, runFiles.events), events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return { root, folder }
}

describe('the summary of a run', () => {
  it('knows a living trainer from one that died and from an end', async () => {
    const { root, folder } = await runWith(phase, step(1))
    expect(readRunSummary({ root }, 'baseline.f0.s1').phase).toBe('interrupted')
    const lock = await RunLock.acquire(folder)
    expect(readRunSummary({ root }, 'baseline.f0.s1').phase).toBe('running')
    lock.release()
    appendFileSync(join(folder, runFiles.events), `${JSON.stringify({ time, type: 'stopped', epoch: 1, step: 1 })}\n`)
    expect(readRunSummary({ root }, 'baseline.f0.s1').phase).toBe('stopped')
  })

  it('leaves out a torn last line and lines that it does not know', async () => {
    const { root, folder } = await runWith(phase, { time, type: 'invention' }, step(7))
    appendFileSync(join(folder, runFiles.events), '{"time":"2026-01-31T09')
    expect(readRunSummary({ root }, 'baseline.f0.s1')).toMatchObject({ problem: undefined, progress: { step: 7 } })
  })

  it('says so where a later version wrote the history, however long it is', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => step(index))
    for (const events of [[], many]) {
      const { root } = await runWith({ ...phase, v: 2 }, ...events)
      expect(readRunSummary({ root }, 'baseline.f0.s1').problem).toContain('later version')
    }
  })

  it('does without a record, and without the length of training in it', async () => {
    const { root, folder } = await runWith(phase)
    expect(readRunSummary({ root }, 'baseline.f0.s1').progress.started).toMatchObject({ device: 'cpu', epochs: 0 })
    rmSync(join(folder, runFiles.record))
    expect(readRunSummary({ root }, 'baseline.f0.s1').progress.started).toBeUndefined()
  })

  it('does not exist where the folder is gone', async () => {
    const { root } = await temporaryProject()
    expect(() => readRunSummary({ root }, 'baseline.f0.s1')).toThrow(UserError)
  })
})
