import { existsSync, readdirSync, statSync } from 'node:fs'
import { UserError } from '../../core/errors.ts'
import { parseExperimentFile, type ExperimentFile } from '../../core/experimentFile.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import { parseRunName } from '../../protocol/runName.ts'
import { pathInside } from '../../runs/containment.ts'
import { experimentPath, listExperiments } from '../../runs/experiments.ts'
import { readJsonc } from '../../runs/jsonc.ts'
import { readResult } from '../../runs/results.ts'
import { listRuns } from '../../runs/runFolder.ts'
import { readRunSummary, type RunSummary } from '../../runs/runSummary.ts'
import type { Workspace } from '../../runs/workspace.ts'
import { Turns } from './turns.ts'

/** A file that others write, as it is now: what it says, or what is wrong with it; undefined where it is gone. */
export type Reading<Value> = { readonly value: Value } | { readonly error: UserError } | undefined

/** What becomes of reading: a mistake in a file is kept, a bug is thrown. */
function reading<Value>(read: () => Value, isGone: (error: UserError) => boolean): Reading<Value> {
  try {
    return { value: read() }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return isGone(error) ? undefined : { error }
  }
}

const isNotFound = ({ details }: UserError): boolean => details.code === 'not-found'

export function readingOfResult(workspace: Workspace, run: string): Reading<RunResult> {
  return reading(() => readResult(workspace, run), isNotFound)
}

/** An experiment's own file; whether what it extends is there and its conditions are right is not looked at. */
export function readingOfExperiment(workspace: Workspace, name: string): Reading<ExperimentFile> {
  return reading(() => {
    const { value, locate } = readJsonc(experimentPath(workspace, name))
    return parseExperimentFile(value, locate)
  }, isNotFound)
}

/** undefined where there is no such folder or a link out of the project; one that cannot be read has a summary that says so. */
export function readingOfRun(workspace: Workspace, name: string): RunSummary | undefined {
  try {
    // Asked first: the error for an unknown run lists all others, which takes long when thousands go at once.
    const entry = statSync(pathInside(workspace.root, 'foldwise', 'runs', name), { throwIfNoEntry: false })
    return entry?.isDirectory() === true ? readRunSummary(workspace, name) : undefined
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** @throws UserError `outside-workspace` */
function namesOfResults({ root }: Workspace): readonly string[] {
  const folder = pathInside(root, 'foldwise', 'results')
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.map((file) => file.slice(0, -'.json'.length)).filter((name) => parseRunName(name) !== undefined)
}

async function* inTurns<Value>(
  names: readonly string[],
  read: (name: string) => Value | undefined,
): AsyncGenerator<readonly [name: string, value: Value]> {
  const turns = new Turns()
  for (const name of names) {
    const value = read(name)
    if (value !== undefined) yield [name, value]
    await turns.next()
  }
}

/** Everything of a kind, some milliseconds a tick. @throws UserError `outside-workspace` where a link leads out */
export const readAll = {
  runs: (workspace: Workspace) => inTurns(listRuns(workspace), (name) => readingOfRun(workspace, name)),
  results: (workspace: Workspace) => inTurns(namesOfResults(workspace), (name) => readingOfResult(workspace, name)),
  experiments: (workspace: Workspace) =>
    inTurns(listExperiments(workspace), (name) => readingOfExperiment(workspace, name)),
}
