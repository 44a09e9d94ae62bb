import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { runFiles } from '../../../src/protocol/runFolder.ts'
import type { Workspace } from '../../../src/runs/workspace.ts'
import {
  readAll,
  readingOfExperiment,
  readingOfResult,
  readingOfRun,
} from '../../../src/extension/store/projectReader.ts'
import { temporaryFolder, temporaryProject } from '../../runs/folders.ts'
import { resultSample } from '../../runs/samples.ts'
import { projectWithRuns } from '../tree/manyRuns.ts'

async function namesOf(values: AsyncGenerator<readonly [string, unknown]>): Promise<readonly string[]> {
  const names: string[] = []
  for await (const [name] of values) names.push(name)
  return names
}

function place({ root }: Workspace, ...parts: readonly string[]): string {
  return join(root, 'foldwise', ...parts)
}

describe('reading a project', () => {
  it('gives every experiment, run and result; what has another name is none', async () => {
    const workspace = await projectWithRuns(temporaryFolder(), 2, 1)
    writeFileSync(place(workspace, 'results', 'notes.json'), '{}')
    mkdirSync(place(workspace, 'runs', 'not a run'))
    expect(await namesOf(readAll.experiments(workspace))).toEqual(['baseline', 'experiment-1'])
    expect(await namesOf(readAll.runs(workspace))).toEqual(['baseline.f0.s0', 'experiment-1.f0.s0'])
    expect((await namesOf(readAll.results(workspace))).toSorted()).toEqual(['baseline.f0.s0', 'experiment-1.f0.s0'])
  })

  it('of a project without any of these gives nothing', async () => {
    const workspace = await temporaryProject()
    for (const all of [readAll.runs, readAll.results, readAll.experiments])
      expect(await namesOf(all(workspace))).toEqual([])
  })

  it('leaves out a run that is deleted while others are read', async () => {
    const workspace = await projectWithRuns(temporaryFolder(), 3, 1)
    const names: string[] = []
    for await (const [name] of readAll.runs(workspace)) {
      names.push(name)
      rmSync(place(workspace, 'runs', 'experiment-1.f0.s0'), { recursive: true, force: true })
    }
    expect(names).toEqual(['baseline.f0.s0', 'experiment-2.f0.s0'])
  })

  it('leaves out a run that is a link out of the project', async () => {
    const workspace = await projectWithRuns(temporaryFolder(), 1, 1)
    const outside = temporaryFolder()
    cpSync(place(workspace, 'runs', 'baseline.f0.s0'), join(outside, 'run'), { recursive: true })
    symlinkSync(join(outside, 'run'), place(workspace, 'runs', 'baseline.f1.s0'))
    expect(readingOfRun(workspace, 'baseline.f1.s0')).toBeUndefined()
  })
})

describe('a file in the place of a run', () => {
  it('is none, and hides no other', async () => {
    const workspace = await projectWithRuns(temporaryFolder(), 1, 1)
    writeFileSync(place(workspace, 'runs', 'baseline.f1.s0'), 'a note')
    expect(readingOfRun(workspace, 'baseline.f1.s0')).toBeUndefined()
    expect(await namesOf(readAll.runs(workspace))).toEqual(['baseline.f0.s0'])
  })
})

describe('a file that cannot be read', () => {
  it('is kept as what is wrong with it: a broken experiment, a damaged result, one of a later version', async () => {
    const workspace = await projectWithRuns(temporaryFolder(), 1, 1)
    writeFileSync(place(workspace, 'experiments', 'typing.jsonc'), '{ "loss": [')
    writeFileSync(place(workspace, 'results', 'torn.f0.s0.json'), '{ "v": 1')
    writeFileSync(place(workspace, 'results', 'later.f0.s0.json'), JSON.stringify({ ...resultSample, v: 2 }))
    const readings = [
      readingOfExperiment(workspace, 'typing'),
      readingOfResult(workspace, 'torn.f0.s0'),
      readingOfResult(workspace, 'later.f0.s0'),
    ]
    for (const reading of readings) expect(reading).toMatchObject({ error: expect.any(UserError) as unknown })
  })

  it('is nothing where it is gone', async () => {
    const workspace = await temporaryProject()
    expect(readingOfExperiment(workspace, 'gone')).toBeUndefined()
    expect(readingOfResult(workspace, 'gone.f0.s0')).toBeUndefined()
    expect(readingOfRun(workspace, 'gone.f0.s0')).toBeUndefined()
  })

  it('leaves a run with a row that says so', async () => {
    const workspace = await projectWithRuns(temporaryFolder(), 1, 1)
    writeFileSync(place(workspace, 'runs', 'baseline.f0.s0', runFiles.record), '{ "v": 2 }')
    expect(readingOfRun(workspace, 'baseline.f0.s0')?.problem).toContain(
      'written by another version of Foldwise (format 2)',
    )
  })
})
