import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { UserError } from '../core/errors.ts'
import { parseExperimentFile } from '../core/experimentFile.ts'
import type { ExperimentFile } from '../core/experimentFile.ts'
import type { Locate } from '../core/issues.ts'
import { resolveExperiment } from '../core/resolve.ts'
import type { ResolvedExperiment } from '../core/resolve.ts'
import { checkExperimentName, isExperimentName } from '../protocol/runName.ts'
import { writeFileAtomic } from './atomicFile.ts'
import { pathInside } from './containment.ts'
import { writeError } from './diskErrors.ts'
import { readJsonc } from './jsonc.ts'
import type { JsoncDocument, JsonPath } from './jsonc.ts'
import { formatJsonc } from './jsoncFormat.ts'
import type { JsoncComments } from './jsoncFormat.ts'
import type { Workspace } from './workspace.ts'

const ending = '.jsonc'

/** Names of all experiments of the project, sorted. */
export function listExperiments(workspace: Workspace): readonly string[] {
  const folder = pathInside(workspace.root, 'foldwise', 'experiments')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .filter(isExperimentName)
    .sort()
}

/** Absolute path of an experiment's file, existing or not. @throws UserError `invalid-name`, `outside-workspace` */
export function experimentPath(workspace: Workspace, name: string): string {
  checkExperimentName(name)
  return pathInside(workspace.root, 'foldwise', 'experiments', `${name}${ending}`)
}

/** An experiment merged with what it extends. `locate` finds each value in the file of the lineage that set it. */
export interface LoadedExperiment extends ResolvedExperiment {
  /** The experiment's own file, not merged: hypothesis, tags, notes. */
  readonly own: ExperimentFile
  readonly locate: Locate
}

/**
 * Reads an experiment and everything it extends. The conditions are not checked yet: hand them, with `locate`, to
 * core's `parseExperiment`.
 * @throws UserError with file and line: no such experiment, broken JSONC, a wrong form, a circle
 */
export function loadExperiment(workspace: Workspace, name: string): LoadedExperiment {
  const documents: JsoncDocument[] = []
  const files: ExperimentFile[] = []
  const resolved = resolveExperiment(name, (next) => {
    const path = experimentPath(workspace, next)
    if (!existsSync(path)) return undefined
    const document = readJsonc(path)
    const file = parseExperimentFile(document.value, document.locate)
    documents.push(document)
    files.push(file)
    return file
  })
  return { ...resolved, own: files[0], locate: (path) => locateInLineage(documents, path) }
}

/**
 * Writes a new experiment file with comments.
 * @throws UserError `invalid-name`, `exists`, `disk-full`, `cannot-write`, or core's for a wrong form
 */
export async function createExperiment(
  workspace: Workspace,
  name: string,
  experiment: ExperimentFile,
  comments: JsoncComments = {},
): Promise<string> {
  const path = experimentPath(workspace, name)
  parseExperimentFile(experiment, () => ({ file: path }))
  if (existsSync(path)) {
    throw new UserError('there is an experiment of this name already', {
      file: path,
      value: name,
      code: 'exists',
      hint: 'Choose another name, or edit this file.',
    })
  }
  const folder = pathInside(workspace.root, 'foldwise', 'experiments')
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw writeError(error, folder)
  }
  await writeFileAtomic(path, formatJsonc(experiment, comments))
  return path
}

/** Follows the merge from the child to the root: objects are looked through, a list belongs to the child that wrote it. */
function locateInLineage(documents: readonly JsoncDocument[], path: JsonPath): ReturnType<Locate> {
  let owners = documents
  for (let length = 1; length <= path.length; length++) {
    const prefix = path.slice(0, length)
    const candidates = owners.filter((document) => valueAt(document.value, prefix) !== undefined)
    if (candidates.length === 0) break
    owners = Array.isArray(valueAt(candidates[0].value, prefix)) ? candidates.slice(0, 1) : candidates
  }
  return owners[0].locate(path)
}

function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  )
}
