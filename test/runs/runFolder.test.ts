import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RunFolder, listRuns } from '../../src/runs/runFolder.ts'
import { RunSession } from '../../src/runs/runSession.ts'
import { startedSample, stepSample } from '../protocol/samples.ts'
import { buildProgram, startProgram } from './child.ts'
import { temporaryFolder, temporaryProject } from './folders.ts'
import { recordSample } from './samples.ts'

const wanted = { experiment: 'baseline', fold: 0, seed: 1 }

function bytes(text: string): Uint8Array[] {
  return [Buffer.from(text)]
}

function userError(details: object): Error {
  return expect.objectContaining({ name: 'UserError', details: expect.objectContaining(details) as unknown }) as Error
}

describe('a new run folder', () => {
  it('takes the next free name', async () => {
    const workspace = await temporaryProject()
    const names: string[] = []
    for (let count = 0; count < 3; count++) names.push((await RunFolder.create(workspace, wanted)).name)
    expect(names).toEqual(['baseline.f0.s1', 'baseline.f0.s1.2', 'baseline.f0.s1.3'])
    mkdirSync(join(workspace.root, 'foldwise', 'runs', 'something else'))
    expect(listRuns(workspace)).toEqual(names)
  })

  it('is never shared by two that make one at once', async () => {
    const workspace = await temporaryProject()
    const runs = await Promise.all(Array.from({ length: 8 }, () => RunFolder.create(workspace, wanted)))
    expect(new Set(runs.map(({ path }) => path)).size).toBe(8)
  })

  it('brings back foldwise/.gitignore where it was lost', async () => {
    const workspace = await temporaryProject()
    const file = join(workspace.root, 'foldwise', '.gitignore')
    rmSync(file)
    await RunFolder.create(workspace, wanted)
    expect(readFileSync(file, 'utf8')).toMatch(/^runs\/$/m)
  })

  it('is found by its name only', async () => {
    const workspace = await temporaryProject()
    const { path } = await RunFolder.create(workspace, wanted)
    expect(RunFolder.open(workspace, 'baseline.f0.s1')).toMatchObject({ path, identity: { ...wanted, attempt: 1 } })
    for (const name of ['baseline', '../baseline.f0.s1', 'baseline.f0.s2', '']) {
      expect(() => RunFolder.open(workspace, name)).toThrow(userError({ code: 'unknown-run', value: name }))
    }
    expect(() => RunFolder.open(workspace, 'baseline.f0.s2')).toThrow(userError({ allowed: ['baseline.f0.s1'] }))
  })

  it.runIf(process.platform !== 'win32')('is not made where foldwise/runs is a link out of the workspace', async () => {
    const workspace = await temporaryProject()
    const outside = temporaryFolder()
    symlinkSync(outside, join(workspace.root, 'foldwise', 'runs'))
    await expect(RunFolder.create(workspace, wanted)).rejects.toEqual(userError({ code: 'outside-workspace' }))
    expect(readdirSync(outside)).toEqual([])
  })
})

describe('a run', () => {
  it('shows a looker-on everything the trainer wrote', async () => {
    const run = await RunFolder.create(await temporaryProject(), wanted)
    const session = await RunSession.open(run)
    await session.writeRecord(recordSample)
    const events = [session.append(startedSample), session.append(stepSample)]
    const scores = ['a', 'sub/b'].map((image) => ({ image, tp: [3, 1], fp: [0, 1], fn: [1, 0], tn: [1, 3] }))
    await session.writeScores(scores)
    await session.writePrediction('sub/b', Buffer.from('png'))
    await session.writeBest([Buffer.from('we'), Buffer.from('ights')])
    session.close()

    expect(run.readRecord()).toEqual(recordSample)
    expect(await run.readEvents()).toEqual(events)
    expect(run.readScores()).toEqual(scores)
    expect(readFileSync(run.predictionFile('sub/b'), 'utf8')).toBe('png')
    expect(readFileSync(run.file('checkpoints/best.safetensors'), 'utf8')).toBe('weights')
  })

  it('has no scores before its first validation, and names the damaged line of scores', async () => {
    const run = await RunFolder.create(await temporaryProject(), wanted)
    expect(run.readScores()).toEqual([])
    writeFileSync(
      run.file('scores.ndjson'),
      '{"image":"a","tp":[1],"fp":[0],"fn":[0],"tn":[0]}\n{"image":"b","tp":[-1]}\n',
    )
    expect(() => run.readScores()).toThrow(userError({ code: 'damaged', line: 2 }))
  })

  it('never changes its record', async () => {
    const run = await RunFolder.create(await temporaryProject(), wanted)
    const session = await RunSession.open(run)
    await session.writeRecord(recordSample)
    await expect(session.writeRecord({ ...recordSample, seed: 2 })).rejects.toThrow('never changed')
    session.close()
    expect(run.readRecord()).toEqual(recordSample)
  })

  it('has one trainer at a time, whom a looker-on can see', async () => {
    const run = await RunFolder.create(await temporaryProject(), wanted)
    const session = await RunSession.open(run)
    await expect(RunSession.open(run)).rejects.toEqual(userError({ code: 'run-locked' }))
    expect(run.trainer()).toMatchObject({ pid: process.pid })
    session.close()
    expect(run.trainer()).toBeUndefined()
    ;(await RunSession.open(run)).close()
  })

  it.each(['../../../x', '/tmp/x', 'a/../../../x'])('writes no prediction for an image called %s', async (image) => {
    const run = await RunFolder.create(await temporaryProject(), wanted)
    const session = await RunSession.open(run)
    await expect(session.writePrediction(image, Buffer.from('x'))).rejects.toEqual(
      userError({ code: 'outside-workspace' }),
    )
    session.close()
  })

  it.runIf(process.platform !== 'win32')('writes no checkpoint through a link', async () => {
    const run = await RunFolder.create(await temporaryProject(), wanted)
    const outside = temporaryFolder()
    symlinkSync(outside, join(run.path, 'checkpoints'))
    await expect(RunSession.open(run)).rejects.toEqual(userError({ code: 'outside-workspace' }))
    expect(run.trainer()).toBeUndefined()
    expect(readdirSync(outside)).toEqual([])
  })
})

describe('requests to the trainer', () => {
  it('arrive once each, in order, and are cleared', async () => {
    const run = await RunFolder.create(await temporaryProject(), wanted)
    const session = await RunSession.open(run)
    expect(session.takeRequests()).toEqual([])
    run.request('checkpoint')
    run.request('stop')
    run.request('checkpoint')
    expect(session.takeRequests()).toEqual(['checkpoint', 'stop'])
    expect(session.takeRequests()).toEqual([])
    // By hand, without a line break, and with words that mean nothing.
    writeFileSync(join(run.path, 'control'), 'faster stop')
    expect(session.takeRequests()).toEqual(['stop'])
    mkdirSync(join(run.path, 'control'))
    expect(session.takeRequests()).toEqual([])
    session.close()
    expect(readdirSync(run.path).sort()).toEqual(['checkpoints', 'events.ndjson'])
  })

  it('that were meant for a dead trainer do not stop the next one', async () => {
    const run = await RunFolder.create(await temporaryProject(), wanted)
    run.request('stop')
    const session = await RunSession.open(run)
    expect(session.takeRequests()).toEqual([])
    session.close()
  })
})

describe('the last checkpoint', () => {
  async function readPair(run: RunFolder): Promise<string[]> {
    ;(await RunSession.open(run)).close()
    return ['checkpoints/last.safetensors' as const, 'checkpoints/last.state.safetensors' as const].map((name) =>
      readFileSync(run.file(name), 'utf8'),
    )
  }

  it.each([
    ['before anything was written', [], 'old'],
    ['when the weights were waiting', ['last.safetensors.next'], 'old'],
    ['when both were waiting', ['last.safetensors.next', 'last.state.safetensors.next'], 'new'],
    ['when the weights were replaced, the state not yet', ['last.state.safetensors.next'], 'new'],
  ])('is a pair of the same step after a death %s', async (_when, waiting, expected) => {
    const run = await RunFolder.create(await temporaryProject(), wanted)
    const session = await RunSession.open(run)
    await session.writeLast({ weights: bytes('old'), state: bytes('old') })
    session.close()
    const folder = join(run.path, 'checkpoints')
    if (expected === 'new' && waiting.length === 1) writeFileSync(join(folder, 'last.safetensors'), 'new')
    for (const name of waiting) writeFileSync(join(folder, name), 'new')
    expect(await readPair(run)).toEqual([expected, expected])
    expect(readdirSync(folder).sort()).toEqual(['last.safetensors', 'last.state.safetensors'])
  })

  it('is whole and consistent after SIGKILL at any moment, with every event complete', async () => {
    const workspace = await temporaryProject()
    const program = await buildProgram(`
      import { openWorkspace } from '../../src/runs/workspace.ts'
      import { RunFolder } from '../../src/runs/runFolder.ts'
      import { RunSession } from '../../src/runs/runSession.ts'
      const run = RunFolder.open(openWorkspace(process.argv[2]), process.argv[3])
      const session = await RunSession.open(run)
      for (let step = Number(process.argv[4]); ; step++) {
        const part = Buffer.from(String(step).padStart(8, '0').repeat(20_000))
        await session.writeLast({ weights: [part, part], state: [part] })
        session.append({ type: 'checkpoint', kind: 'last', epoch: 0, step, file: 'checkpoints/last.safetensors' })
        if (step % 5 === 4) console.log(step)
      }
    `)
    const run = await RunFolder.create(workspace, wanted)
    let step = 0
    for (let death = 0; death < 4; death++) {
      const child = startProgram(program, workspace.root, run.name, String(step))
      await child.line()
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      await child.killNow()

      const [weights, state] = await readPair(run)
      expect(readdirSync(join(run.path, 'checkpoints')).sort()).toEqual(['last.safetensors', 'last.state.safetensors'])
      expect(weights).toBe(state + state)
      step = Number(state.slice(0, 8))
      expect(state).toBe(String(step).padStart(8, '0').repeat(20_000))
      const events = await run.readEvents()
      const last = events.at(-1)
      expect(last?.type === 'checkpoint' && [step, step - 1].includes(last.step)).toBe(true)
      step += 1
    }
    expect(existsSync(join(run.path, 'lock'))).toBe(false)
  })
})
