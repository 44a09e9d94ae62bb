import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { debugChecks } from '../../src/protocol/debugChecks.ts'
import type { EventOf, RunEvent } from '../../src/protocol/events.ts'
import { Foldwise, eventsIn, foldwise } from './program.ts'
import { eventsOf, runFile, tiny, tinyProject, writeExperiment } from './project.ts'

const run = 'tiny-debug.f0.s0'
const debug = ['debug', 'tiny', '--json']
const titles = debugChecks.map(({ title }) => title)

function checksIn(events: readonly RunEvent[]): readonly EventOf<'check'>[] {
  return events.filter((event) => event.type === 'check')
}

function verdictsIn(events: readonly RunEvent[]): Readonly<Record<string, string>> {
  return Object.fromEntries(checksIn(events).map(({ name, verdict }) => [name, verdict]))
}

/** Events and exit code of a debug run of `tiny`, with these conditions. */
async function debugged(project: string, conditions: object = {}, ...args: readonly string[]) {
  writeExperiment(project, 'tiny', { ...tiny, ...conditions })
  const { code, stdout } = await foldwise([...debug, ...args, '--project', project])
  return { code, events: eventsIn(stdout) }
}

describe('debug', () => {
  it('carries out every check in turn, says which is running, and ends after the last', async () => {
    const project = await tinyProject()
    const { code, events } = await debugged(project)
    expect(code).toBe(0)
    expect(events).toEqual(eventsOf(project, run))
    expect(checksIn(events).map(({ name }) => name)).toEqual(titles)
    expect(Object.values(verdictsIn(events))).toEqual(titles.map(() => 'pass'))
    const said = events.flatMap((event) => (event.type === 'phase' && event.message?.startsWith('check ') ? [event.message] : [])) // prettier-ignore
    expect(said).toEqual(titles.map((title, index) => `check ${index + 1} of ${titles.length}: ${title}`))
    expect(events.at(0)).toMatchObject({ type: 'started', experiment: 'tiny' })
    const best = events.filter((event) => event.type === 'checkpoint').findLast(({ kind }) => kind === 'best')
    expect(events.at(-1)).toMatchObject({ type: 'finished', epoch: 2, best: { epoch: best?.epoch } })
  })

  it('carries out the chosen checks alone, and trains only for the one that needs it', async () => {
    const chosen = ['--check', 'same-seed-same-bits', '--check', 'gradients-finite']
    const { code, events } = await debugged(await tinyProject(), {}, ...chosen)
    expect(code).toBe(0)
    expect(checksIn(events).map(({ name }) => name)).toEqual(['gradients finite', 'same seed same bits'])
    expect(events.filter(({ type }) => type === 'step' || type === 'epoch')).toEqual([])
    expect(events.at(-1)).toMatchObject({ type: 'finished', epoch: 0, best: null })
  })

  it('refuses a check that does not exist and names those that do', async () => {
    const { code, stderr } = await foldwise(['debug', 'tiny', '--check', 'loss'])
    expect(code).toBe(2)
    for (const { id } of debugChecks) expect(stderr).toContain(id)
  })

  it('says to a person what failed and what to do', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, optimizer: { name: 'Adam', lr: 1e-9 } })
    const { code, stdout } = await foldwise(['debug', 'tiny', '--check', 'overfits-one-batch', '--project', project])
    expect(code).toBe(4)
    expect(stdout).toMatch(/^fail {4}one batch can be overfitted: .* try another learning rate \(it is 1e-9\)/m)
    expect(stdout).toMatch(/^A check does not hold\.$/m)
  })
})

describe('a debug run that is asked to stop', () => {
  it('does so inside a check, with code 3 and no verdict on it', async () => {
    const project = await tinyProject()
    const running = new Foldwise([...debug, '--check', 'overfits-one-batch', '--check', 'resume-round-trip', '--project', project]) // prettier-ignore
    await running.event('phase', ({ message }) => message?.startsWith('check 1') ?? false)
    writeFileSync(runFile(project, run, 'control'), 'stop\n')
    const { code, stdout } = await running.ended
    expect(code).toBe(3)
    const events = eventsIn(stdout)
    expect(events.at(-1)).toMatchObject({ type: 'stopped', epoch: 0, step: 0 })
    expect(checksIn(events)).toEqual([])
  })

  it('does so in its training, with a checkpoint', async () => {
    const project = await tinyProject()
    const running = new Foldwise([...debug, '--project', project])
    await running.event('step')
    running.process.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(3)
    expect(eventsIn(stdout).filter(({ type }) => type === 'stopped')).toHaveLength(1)
    expect(eventsIn(stdout).at(-1)).toMatchObject({ type: 'stopped' })
    expect(readdirSync(runFile(project, run, 'checkpoints'))).toContain('last.safetensors')
  })
})

/** The checks of whether anything is learnt, which do not compare two trainings. */
const learning = ['loss-falls', 'overfits-one-batch', 'gradients-finite'].flatMap((id) => ['--check', id])

describe('what is wrong with an experiment', () => {
  it('a learning rate with which the loss becomes NaN: the other checks still run', async () => {
    const { code, events } = await debugged(await tinyProject(), { optimizer: { name: 'SGD', lr: 1e6 } })
    expect(code).toBe(4)
    expect(verdictsIn(events)).toEqual({
      'loss falls': 'fail',
      'one batch can be overfitted': 'fail',
      'gradients finite': 'pass',
      'resume round trip': 'unclear',
      'same seed same bits': 'unclear',
    })
    const [{ message, values }] = checksIn(events)
    expect(message).toMatch(/The loss became NaN at step \d+\. .*learning rate \(1000000\)/)
    expect((values['losses'] as readonly unknown[]).at(-1)).toBeNull()
    expect(events.filter(({ type }) => type === 'failed')).toEqual([])
    expect(events.at(-1)).toMatchObject({ type: 'finished' })
  })

  it('a learning rate with which the loss rises beyond all measure and stays finite', async () => {
    const { code, events } = await debugged(await tinyProject(), { optimizer: { name: 'Adam', lr: 1e6 } }, ...learning)
    expect(code).toBe(4)
    expect(verdictsIn(events)).toMatchObject({ 'loss falls': 'fail', 'one batch can be overfitted': 'fail' })
    expect(checksIn(events)[0].message).toContain('rises')
  })

  it('a learning rate of nearly 0: nothing is learnt, and the picture of one image shows it', async () => {
    const project = await tinyProject()
    const { code, events } = await debugged(project, { optimizer: { name: 'Adam', lr: 1e-12 } }, ...learning)
    expect(code).toBe(4)
    expect(verdictsIn(events)).toEqual({
      'loss falls': 'fail',
      'one batch can be overfitted': 'fail',
      'gradients finite': 'pass',
    })
    const [falls, overfits] = checksIn(events)
    expect(falls.message).toContain('The weights do not move')
    expect(falls.picture).toBeUndefined()
    expect(overfits.picture).toBe('checks/overfits-one-batch.png')
    expect(
      readFileSync(runFile(project, run, overfits.picture!))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
  })

  it('a learning rate of 0 is refused before anything runs', async () => {
    const { code, events } = await debugged(await tinyProject(), { optimizer: { name: 'Adam', lr: 0 } })
    expect(code).toBe(2)
    expect(events.map(({ type }) => type)).toEqual(['failed'])
  })

  it('masks in which every pixel is ignored', async () => {
    const project = await tinyProject()
    const file = join(project, 'foldwise', 'project.jsonc')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"ignore_index": null', '"ignore_index": 255'))
    const ignored = encode({ width: 64, height: 64, depth: 8, channels: 1, data: new Uint8Array(64 * 64).fill(255) })
    for (const name of readdirSync(join(project, 'masks'))) writeFileSync(join(project, 'masks', name), ignored)
    const { code, events } = await debugged(project, {}, ...learning)
    expect(code).toBe(4)
    const failed = checksIn(events).filter(({ verdict }) => verdict === 'fail')
    expect(failed.map(({ name }) => name)).toEqual(['loss falls', 'one batch can be overfitted', 'gradients finite'])
    for (const { message } of failed) expect(message).toContain('ignore_index')
  })

  it('a single training image: no verdict on the loss, but on all else', async () => {
    const project = await tinyProject()
    const file = join(project, 'foldwise', 'project.jsonc')
    const [first, second, ...others] = readdirSync(join(project, 'images'))
    for (const folder of ['images', 'masks']) for (const name of others) rmSync(join(project, folder, name))
    expect([first, second].every((name) => name.endsWith('.png'))).toBe(true)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"split": .*/, '"split": { "method": "KFold", "n_splits": 2 },')) // prettier-ignore
    const { code, events } = await debugged(project)
    expect(code).toBe(0)
    const verdicts = verdictsIn(events)
    expect(verdicts).toEqual({ ...Object.fromEntries(titles.map((title) => [title, 'pass'])), 'loss falls': 'unclear' })
    expect(checksIn(events)[0].message).toContain('raise debug.epochs')
  })
})
