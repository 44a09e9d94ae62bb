import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { QueueFile } from '../../../src/extension/supervisor/queueFile.ts'
import { startTrainer } from '../../../src/extension/supervisor/trainerProcess.ts'
import { temporaryFolder } from '../../runs/folders.ts'
import { startsIn, writeScriptedTrainer } from './scriptedTrainer.ts'
import { processOf, trainWork, until, WatchedQueue } from './watchedQueue.ts'

/** A folder with the program; the queue's storage is made by the queue. */
function place(): { readonly root: string; readonly program: string; readonly storage: string } {
  const root = temporaryFolder()
  return { root, program: writeScriptedTrainer(root), storage: join(root, 'storage') }
}

describe('a queue', () => {
  it('trains in the order in which jobs were added, and leaves nothing behind', async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    await window.queue.add(root, [trainWork('works', 0), trainWork('works', 1)])
    await window.queue.add(root, [trainWork('doubts', 0)])
    await until('three jobs ended', () => window.ended.length === 3)
    expect(startsIn(root)).toEqual(['train works 0', 'train works 1', 'train doubts 0'])
    expect(window.began).toEqual(['works.f0.s0', 'works.f1.s0', 'doubts.f0.s0'])
    expect(window.endings).toEqual(['works finished', 'works finished', 'doubts finished'])
    expect(window.queue.jobs).toEqual([])
    expect(readdirSync(storage)).toEqual(['queue.json'])
  })

  it('tells what the checks of a debug run found', async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    await window.queue.add(root, [{ kind: 'debug', experiment: 'doubts', fold: 0 }])
    await until('it ended', () => window.ended.length === 1)
    expect(window.ended[0].outcome.checks).toEqual([
      { verdict: 'pass', message: 'the loss falls' },
      { verdict: 'fail', message: 'one batch cannot be learnt' },
    ])
  })

  it('trains nothing while the workspace is not trusted, and begins when it is', async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    window.mayTrain = false
    await window.queue.add(root, [trainWork('works')])
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(startsIn(root)).toEqual([])
    window.mayTrain = true
    await until('it ended', () => window.ended.length === 1)
  })

  it('says what a trainer that dies at start said, and takes out what would die of the same', async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    await window.queue.add(root, [trainWork('refuses', 0), trainWork('refuses', 1), trainWork('works')])
    await until('two jobs ended', () => window.ended.length === 2)
    expect(window.endings).toEqual(['refuses failed', 'works finished'])
    const [{ outcome, dropped }] = window.ended
    expect(outcome).toMatchObject({ run: undefined, message: 'there is no such experiment', hint: 'Write it.' })
    expect(dropped.map(({ work }) => work.fold)).toEqual([1])
  })

  it('says why a program could not be loaded, without its stack', async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    await window.queue.add(root, [trainWork('crashes')])
    await until('it ended', () => window.ended.length === 1)
    const { message, words } = window.ended[0].outcome
    expect(message).toMatch(/^Error \[ERR_MODULE_NOT_FOUND\]: Cannot find module .*absent\.mjs/)
    expect(message).not.toContain('\n')
    expect(words).toContain('    at ')
  })

  it("says that a project's folder is gone", async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    await window.queue.add(join(root, 'deleted'), [trainWork('works')])
    await until('it ended', () => window.ended.length === 1)
    expect(window.ended[0].outcome).toMatchObject({ state: 'failed', message: 'the folder of this project is gone' })
  })

  it('takes out what has not begun, and leaves what has', async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    await window.queue.add(root, [trainWork('hangs'), trainWork('works', 1), trainWork('works', 2)])
    await until('it began', () => window.began.length === 1)
    await window.queue.removeWaiting(({ work }) => work.fold === 1)
    expect(window.queue.jobs.map(({ work }) => work.fold)).toEqual([0, 2])
    await window.queue.removeWaiting()
    expect(window.queue.jobs.map(({ work }) => work.fold)).toEqual([0])
  })

  it('lets debug runs pass the folds that wait', async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    await window.queue.add(root, [trainWork('hangs'), trainWork('works')])
    await until('it began', () => window.began.length === 1)
    await window.queue.add(root, [{ kind: 'debug', experiment: 'works', fold: 0 }])
    expect(window.queue.jobs.map(({ work: { kind, experiment } }) => `${kind} ${experiment}`)).toEqual([
      'train hangs',
      'debug works',
      'train works',
    ])
  })

  it('says once that its storage takes no file, and trains when it does', async () => {
    const { root, program, storage } = place()
    writeFileSync(storage, 'a file where the folder should be')
    const window = new WatchedQueue(storage, program)
    await until('trouble', () => window.troubles.length > 0)
    await expect(window.queue.add(root, [trainWork('works')])).rejects.toMatchObject({ name: 'UserError' })
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(window.troubles).toHaveLength(1)
    rmSync(storage)
    await window.queue.add(root, [trainWork('works')])
    await until('it ended', () => window.ended.length === 1)
  })
})

describe('stopping', () => {
  it('asks by signal while there is no run folder, and goes on with the next', async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    await window.queue.add(root, [trainWork('stops'), trainWork('works')])
    await until('it runs', () => window.queue.active !== undefined)
    const output = new QueueFile(storage).path(window.queue.active!, 'out')
    await until('it listens to signals', () => readFileSync(output, 'utf8').includes('ready'))
    window.queue.stopActive()
    await until('both ended', () => window.ended.length === 2)
    expect(window.endings).toEqual(['stops stopped', 'works finished'])
  })

  it('is no failure where it had to be killed on request', async () => {
    const { root, program, storage } = place()
    const window = new WatchedQueue(storage, program)
    await window.queue.add(root, [trainWork('hangs')])
    await until('it began', () => window.began.length === 1)
    // Its run has no folder: the signal ends this program at once.
    window.queue.stopActive()
    await until('it ended', () => window.ended.length === 1)
    expect(window.ended[0].outcome).toMatchObject({ state: 'stopped', run: 'hangs.f0.s0' })
  })
})

describe('two windows on one storage', () => {
  it('never start a job twice, and tell of each end once', async () => {
    const { root, program, storage } = place()
    const windows = [new WatchedQueue(storage, program), new WatchedQueue(storage, program)]
    await Promise.all(windows.map(({ queue }, index) => queue.add(root, [0, 1, 2].map((fold) => trainWork('works', 3 * index + fold))))) // prettier-ignore
    await until('six jobs ended', () => windows.flatMap(({ ended }) => ended).length === 6)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect([...startsIn(root)].sort()).toEqual([0, 1, 2, 3, 4, 5].map((fold) => `train works ${fold}`))
    expect(windows.flatMap(({ ended }) => ended)).toHaveLength(6)
  })
})

describe('a window that comes back', () => {
  it('takes up the trainer that ran on, and what waits behind it', async () => {
    const { root, program, storage } = place()
    const before = new WatchedQueue(storage, program)
    await before.queue.add(root, [trainWork('hangs'), trainWork('works', 1)])
    await until('it began', () => before.began.length === 1)
    before.crash()
    const after = new WatchedQueue(storage, program)
    await until('it sees the run', () => after.began.length === 1)
    expect(processOf(after.queue.active)).toBe(processOf(before.queue.active))
    after.queue.killActive()
    await until('both ended', () => after.ended.length === 2)
    expect(after.endings).toEqual(['hangs failed', 'works finished'])
    expect(startsIn(root)).toEqual(['train hangs 0', 'train works 1'])
  })

  it('tells of a trainer that died meanwhile, once', async () => {
    const { root, program, storage } = place()
    const before = new WatchedQueue(storage, program)
    await before.queue.add(root, [trainWork('hangs')])
    await until('it began', () => before.began.length === 1)
    before.crash()
    process.kill(processOf(before.queue.active), 'SIGKILL')
    const after = new WatchedQueue(storage, program)
    await until('it is told', () => after.ended.length === 1)
    expect(after.ended[0].outcome).toMatchObject({ state: 'failed', run: 'hangs.f0.s0', message: undefined })
    after.crash()
    const later = new WatchedQueue(storage, program)
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(later.ended).toEqual([])
  })

  it('does not take a later process with the same number for its trainer', async () => {
    const { root, program, storage } = place()
    const other = { pid: process.pid, start: 'another', host: hostname() }
    await new QueueFile(storage).change(() => [{ id: 'a', root, work: trainWork('works'), process: other }])
    const window = new WatchedQueue(storage, program)
    await until('it is told', () => window.ended.length === 1)
    expect(window.ended[0].outcome.state).toBe('failed')
  })

  it('does not start again what was started but never written down', async () => {
    const { root, program, storage } = place()
    const file = new QueueFile(storage)
    const job = { id: 'a', root, work: trainWork('works') }
    await file.change(() => [job])
    await startTrainer(
      program,
      ['train', 'works', '--fold', '0'],
      root,
      file.path(job, 'out'),
      file.path(job, 'err'),
      {},
    )
    const window = new WatchedQueue(storage, program)
    await until('it is told', () => window.ended.length === 1)
    expect(window.ended[0].outcome).toMatchObject({ state: 'finished', run: 'works.f0.s0' })
    expect(startsIn(root)).toEqual(['train works 0'])
  })

  it('deletes logs that belong to no job', async () => {
    const { root, program, storage } = place()
    await new QueueFile(storage).change(() => [])
    writeFileSync(join(storage, 'gone.out'), '')
    const window = new WatchedQueue(storage, program)
    await window.queue.add(root, [])
    await until('they are gone', () => readdirSync(storage).join() === 'queue.json')
  })
})
