import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import '../../cli/program.ts'
import { eventsOf, runFile, temporaryFolder, tiny, tinyProject, writeExperiment } from '../../cli/project.ts'
import { readRunSummary } from '../../../src/runs/runSummary.ts'
import { processOf, trainWork, until, WatchedQueue } from './watchedQueue.ts'

// Real trainers: the program that test/cli builds, with the cache of the tests.
const built = resolve(import.meta.dirname, '../../../.tsbuild')
const program = join(built, 'test-program', process.env['VITEST_POOL_ID'] ?? '0', 'cli.js')
process.env['FOLDWISE_CACHE'] = join(built, 'test-cache')

function hasCheckpoint(root: string, run: string): boolean {
  const file = runFile(root, run, 'events.ndjson')
  return existsSync(file) && readFileSync(file, 'utf8').includes('"kind":"last"')
}

describe('two folds in a queue', () => {
  it('are trained one after another, although the host crashes between them', async () => {
    const root = await tinyProject()
    const storage = temporaryFolder()
    const before = new WatchedQueue(storage, program)
    await before.queue.add(root, [trainWork('tiny', 0), trainWork('tiny', 1)])
    await until('the first trains', () => hasCheckpoint(root, 'tiny.f0.s0'))
    before.crash()
    const after = new WatchedQueue(storage, program)
    await until('both are trained', () => after.ended.length === 2, 50)
    expect(after.ended.map(({ outcome: { state, run } }) => [state, run])).toEqual([
      ['finished', 'tiny.f0.s0'],
      ['finished', 'tiny.f1.s0'],
    ])
    const end = eventsOf(root, 'tiny.f0.s0').at(-1)!.time
    expect(eventsOf(root, 'tiny.f1.s0').at(0)!.time > end).toBe(true)
  })
})

describe('a trainer that is killed', () => {
  it('is told from a slow one, the next is trained, and its run goes on with "resume"', async () => {
    const root = await tinyProject()
    writeExperiment(root, 'long', { ...tiny, train: { epochs: 1000 } })
    const window = new WatchedQueue(temporaryFolder(), program)
    await window.queue.add(root, [trainWork('long'), trainWork('tiny')])
    await until('it trains', () => hasCheckpoint(root, 'long.f0.s0') && window.began.length === 1)
    const pid = processOf(window.queue.active)
    // A stopped process prints nothing and lives.
    process.kill(pid, 'SIGSTOP')
    await new Promise((done) => setTimeout(done, 1200))
    expect(window.ended).toEqual([])
    process.kill(pid, 'SIGKILL')
    await until('both ended', () => window.ended.length === 2)
    expect(window.endings).toEqual(['long failed', 'tiny finished'])
    expect(window.ended[0].outcome).toMatchObject({ run: 'long.f0.s0', message: undefined })
    expect(readRunSummary({ root }, 'long.f0.s0').phase).toBe('interrupted')

    await window.queue.add(root, [{ kind: 'resume', experiment: 'long', fold: 0, run: 'long.f0.s0' }])
    await until('it trains again', () => window.began.length === 3)
    expect(window.began).toEqual(['long.f0.s0', 'tiny.f0.s0', 'long.f0.s0'])
    window.queue.stopActive()
    await until('it stopped', () => window.ended.length === 3)
    expect(window.ended[2].outcome).toMatchObject({ state: 'stopped', run: 'long.f0.s0' })
    expect(readRunSummary({ root }, 'long.f0.s0')).toMatchObject({ phase: 'stopped' })
  })
})

describe('a trainer that cannot start', () => {
  it('says why in the words of the program', async () => {
    const root = await tinyProject()
    const window = new WatchedQueue(temporaryFolder(), program)
    await window.queue.add(root, [trainWork('tyni')])
    await until('it ended', () => window.ended.length === 1)
    const { message, hint } = window.ended[0].outcome
    expect(message).toBe('There is no experiment "tyni".')
    expect(hint).toContain('tyni.jsonc')
  })
})
