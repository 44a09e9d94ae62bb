import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { UserError, describeUserError } from '../core/errors.ts'
import { runResultSchema } from '../protocol/runFolder.ts'
import type { RunResult } from '../protocol/runFolder.ts'
import { parseRunName } from '../protocol/runName.ts'
import { pathInside } from './containment.ts'
import { writeError } from './diskErrors.ts'
import { readJsonFile, writeJsonFile } from './jsonFile.ts'
import type { Workspace } from './workspace.ts'

const ending = '.json'

/** Writes `foldwise/results/RUN.json`. @throws UserError `disk-full`, `cannot-write`, `outside-workspace` */
export async function writeResult(workspace: Workspace, result: RunResult): Promise<void> {
  const file = resultFile(workspace, result.run)
  const folder = pathInside(workspace.root, 'foldwise', 'results')
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw writeError(error, folder)
  }
  await writeJsonFile(file, result)
}

/** @throws UserError `not-found`, `damaged` */
export function readResult(workspace: Workspace, run: string): RunResult {
  return readJsonFile(resultFile(workspace, run), runResultSchema)
}

/** All results of the project, sorted by name; one that cannot be read becomes a warning and hides no other. */
export function listResults(workspace: Workspace): {
  readonly results: readonly RunResult[]
  readonly warnings: readonly string[]
} {
  const folder = pathInside(workspace.root, 'foldwise', 'results')
  const results: RunResult[] = []
  const warnings: string[] = []
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)) : []
  for (const run of names.map((name) => name.slice(0, -ending.length)).sort()) {
    if (parseRunName(run) === undefined) continue
    try {
      results.push(readResult(workspace, run))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      warnings.push(describeUserError(error))
    }
  }
  return { results, warnings }
}

function resultFile(workspace: Workspace, run: string): string {
  return pathInside(workspace.root, 'foldwise', 'results', `${run}${ending}`)
}
