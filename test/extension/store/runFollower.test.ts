import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { followRun } from '../../../src/extension/store/runFollower.ts'
import { readingOfRun } from '../../../src/extension/store/projectReader.ts'
import { RunLock } from '../../../src/runs/lock.ts'
import { RunFolder } from '../../../src/runs/runFolder.ts'
import type { RunSummary } from '../../../src/runs/runSummary.ts'
import { temporaryProject } from '../../runs/folders.ts'
import { epochEvent, startedEvent, stepEvent } from '../curves/events.ts'

const events = [startedEvent(), { type: 'phase', phase: 'train' }, stepEvent(1, 1), epochEvent(1), stepEvent(2, 2)]
const lines = events.map((event, index) => {
  const stamp = { time: '2026-01-31T09:30:00.000Z', ...(index === 0 ? { v: 1 } : {}) }
  return `${JSON.stringify({ ...stamp, ...event })}\n`
})

/** A run whose trainer is this process, followed from now on. */
async function followed(history: string) {
  const workspace = await temporaryProject()
  const { name, path } = await RunFolder.create(workspace, { experiment: 'a', fold: 0, seed: 0 })
  const file = join(path, 'events.ndjson')
  writeFileSync(file, history)
  const lock = await RunLock.acquire(path)
  const end = new AbortController()
  const told: (RunSummary | undefined)[] = []
  const following = followRun(workspace, readingOfRun(workspace, name)!, end.signal, (summary) => told.push(summary))
  onTestFinished(async () => {
    rmSync(path, { recursive: true, force: true })
    lock.release()
    end.abort()
    await following
  })
  const isTold = (expected: unknown): Promise<void> =>
    vi.waitFor(
      () => {
        expect(told.at(-1)).toEqual(expected)
      },
      { timeout: 5000 },
    )
  return { path, file, lock, following, isTold }
}

const summaryWith = (summary: object, progress: object = {}): unknown =>
  expect.objectContaining({ ...summary, progress: expect.objectContaining(progress) as unknown })

describe('a run that is followed', () => {
  it('counts a torn line once it is whole, and leaves out a garbled one', async () => {
    const { file, lock, following, isTold } = await followed(`${lines[0]}{"type": "st\u0000p", garb\n${lines[1]}`)
    await isTold(summaryWith({ phase: 'running' }, { phase: 'train', step: 0 }))
    appendFileSync(file, lines[2] + lines[3] + lines[4].slice(0, 20))
    await isTold(summaryWith({ phase: 'running' }, { step: 1, epoch: 1 }))
    appendFileSync(file, lines[4].slice(20))
    await isTold(summaryWith({ phase: 'running' }, { step: 2, epoch: 1 }))
    lock.release()
    await following
    await isTold(summaryWith({ phase: 'interrupted', problem: undefined }, { step: 2, epoch: 1 }))
  })

  it('is gone when its folder is, and when a file takes its place', async () => {
    const [deleted, replaced] = [await followed(lines.join('')), await followed(lines.join(''))]
    rmSync(deleted.path, { recursive: true })
    rmSync(replaced.path, { recursive: true })
    writeFileSync(replaced.path, '')
    await deleted.isTold(undefined)
    await replaced.isTold(undefined)
  })

  it('of a later version says so while it is trained and afterwards, and is not taken for one in training for ever', async () => {
    const { lock, following, isTold } = await followed('{"v": 2, "type": "begun"}\n')
    const problem = expect.stringContaining('later version') as unknown
    await isTold(summaryWith({ phase: 'running', problem }))
    lock.release()
    await following
    await isTold(summaryWith({ phase: 'interrupted', problem }))
  })
})
