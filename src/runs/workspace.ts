import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import { writeFileAtomic } from './atomicFile.ts'
import { pathInside } from './containment.ts'
import { writeError } from './diskErrors.ts'
import { ensureGitignore } from './gitignore.ts'
import { readJsonc } from './jsonc.ts'
import type { JsoncDocument } from './jsonc.ts'
import { formatJsonc } from './jsoncFormat.ts'
import type { JsoncComments } from './jsoncFormat.ts'

/** The folder of a project: everything is read and written inside it. */
export interface Workspace {
  /** Absolute path of the folder that holds `foldwise/`. */
  readonly root: string
}

/**
 * The project that a person in `directory` means: the nearest folder, from there upwards, with a `foldwise/project.jsonc`.
 * @throws UserError `no-project`
 */
export function findWorkspace(directory: string): Workspace {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    if (existsSync(projectPath(folder))) return openWorkspace(folder)
    if (folder === dirname(folder)) throw noProject(directory)
  }
}

/** The project in exactly this folder (`--project DIR`). @throws UserError `no-project`, `outside-workspace` */
export function openWorkspace(directory: string): Workspace {
  const root = resolve(directory)
  if (!existsSync(projectPath(root))) throw noProject(directory)
  pathInside(root, 'foldwise', 'project.jsonc')
  return { root }
}

/** The project file as JSONC. @throws UserError for broken JSONC, with file and line */
export function readProjectFile(workspace: Workspace): JsoncDocument {
  return readJsonc(pathInside(workspace.root, 'foldwise', 'project.jsonc'))
}

/**
 * Makes a project in an existing folder: `project.jsonc` with comments, an empty `experiments/`, `.gitignore`.
 * @param project what `project.jsonc` shall say; defaults may be left out
 * @throws UserError `exists` where there is a project already; nothing of it is touched
 */
export async function createProject(directory: string, project: unknown, comments: JsoncComments): Promise<Workspace> {
  const workspace = { root: resolve(directory) }
  if (statSync(workspace.root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError('a project needs an existing folder', { file: directory, code: 'not-found' })
  }
  const file = pathInside(workspace.root, 'foldwise', 'project.jsonc')
  if (existsSync(file)) {
    throw new UserError('there is a project in this folder already', { file, code: 'exists', hint: 'Edit this file.' })
  }
  const text = formatJsonc(project, comments)
  const experiments = pathInside(workspace.root, 'foldwise', 'experiments')
  try {
    mkdirSync(experiments, { recursive: true })
  } catch (error) {
    throw writeError(error, experiments)
  }
  await ensureGitignore(workspace.root)
  await writeFileAtomic(file, text)
  return workspace
}

function projectPath(root: string): string {
  return join(root, 'foldwise', 'project.jsonc')
}

function noProject(directory: string): UserError {
  return new UserError('there is no project here: no foldwise/project.jsonc', {
    file: directory,
    code: 'no-project',
    hint: 'Go to the folder of the project, name it with --project DIR, or make one with: foldwise init',
  })
}
