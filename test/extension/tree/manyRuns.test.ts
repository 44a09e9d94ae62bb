import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { readAll } from '../../../src/extension/store/projectReader.ts'
import { ProjectTree } from '../../../src/extension/tree/projectTree.ts'
import { TreeRows } from '../../../src/extension/tree/treeRows.ts'
import { temporaryFolder } from '../../runs/folders.ts'
import { projectWithRuns } from './manyRuns.ts'
import { listed, storeOf, type Store } from './treeSamples.ts'

/** The project as the store has it after reading. */
async function readProject(folder: string, experiments: number, folds: number): Promise<Store> {
  const workspace = await projectWithRuns(folder, experiments, folds)
  const store = storeOf({ files: {}, project: { baseline: 'baseline' } })
  const files = store.experimentFiles as Map<string, unknown>
  for await (const [name, read] of readAll.experiments(workspace)) files.set(name, 'value' in read ? read.value : read.error) // prettier-ignore
  for await (const [name, summary] of readAll.runs(workspace)) store.runs.set(name, summary)
  for await (const [name, read] of readAll.results(workspace)) if ('value' in read) store.results.set(name, read.value)
  return { ...store, workspace }
}

describe('a project of many runs', () => {
  it('is shown from what was read once: neither drawing nor an event reads the disk again', async () => {
    const folder = temporaryFolder()
    const store = await readProject(folder, 30, 4)
    rmSync(folder, { recursive: true })
    const rows = new TreeRows(new ProjectTree(store))
    expect(listed(rows.tree)).toHaveLength(30)
    expect(rows.tree.experiment('experiment-7').scored).toHaveLength(4)
    expect(rows.tree.changesOf('experiment-7')).toMatchObject([{ words: 'lr: 0.001 → 0.001007' }])
    const run = 'experiment-7.f0.s0'
    const known = store.runs.get(run)!
    store.runs.set(run, { ...known, progress: { ...known.progress, step: 9 } })
    expect(rows.changed(rows.tree.update(new Set([run])))).toEqual([rows.run(run)])
    expect(rows.tree.file('experiment-7')).not.toBeInstanceOf(UserError)
  })
})
