// How long a project of many runs takes: node scripts/runSource.mjs test/extension/tree/measure.ts [EXPERIMENTS] [FOLDS]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { UserError } from '../../../src/core/errors.ts'
import type { ExperimentFile } from '../../../src/core/experimentFile.ts'
import type { RunResult } from '../../../src/protocol/runFolder.ts'
import { compareResults } from '../../../src/extension/store/compareResults.ts'
import { readAll } from '../../../src/extension/store/projectReader.ts'
import { ProjectTree } from '../../../src/extension/tree/projectTree.ts'
import { TreeRows } from '../../../src/extension/tree/treeRows.ts'
import type { RunSummary } from '../../../src/runs/runSummary.ts'
import { readProject } from '../../../src/runs/project.ts'
import { projectWithRuns } from './manyRuns.ts'

const [experiments = 2000, folds = 5] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'foldwise-many-'))
try {
  const workspace = await projectWithRuns(folder, experiments, folds)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const files = new Map<string, ExperimentFile | UserError>()
  const runs = new Map<string, RunSummary>()
  const results = new Map<string, RunResult>()

  delay.enable()
  const reading = performance.now()
  for await (const [name, read] of readAll.experiments(workspace)) files.set(name, 'value' in read ? read.value : read.error) // prettier-ignore
  for await (const [name, summary] of readAll.runs(workspace)) runs.set(name, summary)
  for await (const [name, read] of readAll.results(workspace)) if ('value' in read) results.set(name, read.value)
  const read = performance.now() - reading
  delay.disable()

  const project = (): ReturnType<typeof readProject>['project'] => readProject(workspace).project
  const comparing = performance.now()
  const compared = compareResults(results.values(), project)
  if (compared instanceof UserError) throw compared
  const comparison = performance.now() - comparing

  const drawing = performance.now()
  const rows = new TreeRows(
    new ProjectTree({
      workspace,
      experimentFiles: files,
      runs,
      results,
      unreadableResults: new Map(),
      project,
      comparison: () => compared,
    }),
  )
  const names = rows.tree.experiments({ filter: '', sort: 'name' }, (phase) => phase)
  const nodes = names.map((name) => rows.experiment(name))
  const first = performance.now() - drawing

  const [run] = runs.keys()
  runs.set(run, { ...runs.get(run)! })
  const updating = performance.now()
  rows.changed(rows.tree.update(new Set([run])))
  const event = performance.now() - updating

  const milliseconds = Object.entries({ read, longestTick: delay.max / 1e6, comparison, first, event })
  const text = milliseconds.map(([name, value]) => `${name} ${value.toFixed(1)} ms`).join(', ')
  console.log(`${runs.size} runs of ${nodes.length} experiments: ${text}`)
} finally {
  rmSync(folder, { recursive: true })
}
