import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { RunEvent } from '../protocol/events.ts'
import { imageScoresSchema, runFiles, runRecordSchema } from '../protocol/runFolder.ts'
import type { ControlRequest, ImageScores, RunRecord } from '../protocol/runFolder.ts'
import { checkExperimentName, parseRunName, runName } from '../protocol/runName.ts'
import type { RunIdentity } from '../protocol/runName.ts'
import { pathInside } from './containment.ts'
import { writeRequest } from './control.ts'
import { readError, systemCode, writeError } from './diskErrors.ts'
import { readEvents, tailEvents } from './eventReader.ts'
import { ensureGitignore } from './gitignore.ts'
import { parseJson, readJsonFile } from './jsonFile.ts'
import { lockHolder } from './lock.ts'
import type { LockHolder } from './lock.ts'
import type { Workspace } from './workspace.ts'

/** Names of all runs of a workspace, sorted. */
export function listRuns(workspace: Workspace): readonly string[] {
  const folder = pathInside(workspace.root, 'foldwise', 'runs')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => parseRunName(name) !== undefined)
    .sort()
}

/** One run as anybody sees it who looks on. What the trainer may do beyond that is in `RunSession`. */
export class RunFolder {
  readonly name: string
  readonly identity: RunIdentity
  /** Absolute path of `foldwise/runs/RUN`. */
  readonly path: string

  private constructor(path: string, name: string, identity: RunIdentity) {
    this.path = path
    this.name = name
    this.identity = identity
  }

  /**
   * Makes the folder of a new run under the next free name: `NAME.f0.s1`, then `NAME.f0.s1.2`…
   * @throws UserError `invalid-name`, `outside-workspace`, `disk-full` or `cannot-write`
   */
  static async create(workspace: Workspace, wanted: Omit<RunIdentity, 'attempt'>): Promise<RunFolder> {
    checkExperimentName(wanted.experiment)
    const folder = pathInside(workspace.root, 'foldwise', 'runs')
    makeFolder(folder)
    await ensureGitignore(workspace.root)
    for (let attempt = 1; ; attempt++) {
      const identity = { ...wanted, attempt }
      const name = runName(identity)
      if (makeNewFolder(join(folder, name))) return new RunFolder(join(folder, name), name, identity)
    }
  }

  /** @throws UserError `unknown-run` or `outside-workspace` */
  static open(workspace: Workspace, name: string): RunFolder {
    const identity = parseRunName(name)
    const path = identity && pathInside(workspace.root, 'foldwise', 'runs', name)
    if (identity === undefined || path === undefined || !existsSync(path)) {
      const others = listRuns(workspace).filter((run) => parseRunName(run)?.experiment === name.split('.')[0])
      throw new UserError('there is no such run', {
        code: 'unknown-run',
        value: name,
        allowed: others.length === 0 ? 'NAME.f<fold>.s<seed>, a folder in foldwise/runs' : others,
      })
    }
    return new RunFolder(path, name, identity)
  }

  /** Absolute path of one of the run's files. @throws UserError `outside-workspace` where a link leads out of the run */
  file(name: (typeof runFiles)[keyof typeof runFiles]): string {
    return pathInside(this.path, name)
  }

  /** Where the prediction of a validation image lies: palette PNG. */
  predictionFile(image: string): string {
    return pathInside(this.file(runFiles.predictions), `${image}.png`)
  }

  /** Where the picture of a debug check lies. */
  checkFile(check: string): string {
    return pathInside(this.file(runFiles.checks), `${check}.png`)
  }

  /** @throws UserError `not-found` (the trainer has not come that far), `damaged` */
  readRecord(): RunRecord {
    return readJsonFile(this.file(runFiles.record), runRecordSchema)
  }

  /** The history so far. @throws UserError `cannot-read`, `newer-format` */
  readEvents(): Promise<readonly RunEvent[]> {
    return readEvents(this.file(runFiles.events))
  }

  /** The history, then every new event until `signal` aborts. @throws UserError `cannot-read`, `newer-format` */
  tailEvents(signal: AbortSignal, pollMilliseconds?: number): AsyncGenerator<RunEvent, void, undefined> {
    return tailEvents(this.file(runFiles.events), signal, pollMilliseconds)
  }

  /** How each validation image scored at the best epoch; empty before the first validation. @throws UserError `damaged` */
  readScores(): readonly ImageScores[] {
    const file = this.file(runFiles.scores)
    const lines = readIfThere(file).split('\n')
    return lines.flatMap((line, index) => (line === '' ? [] : [parseJson(line, imageScoresSchema, file, index + 1)]))
  }

  /** The living process that trains this run, if any. */
  trainer(): LockHolder | undefined {
    return lockHolder(this.path)
  }

  /** Asks the trainer to stop or to write a checkpoint. @throws UserError `cannot-write` */
  request(request: ControlRequest): void {
    writeRequest(join(this.path, runFiles.control), request)
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw writeError(error, path)
  }
}

function makeNewFolder(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw writeError(error, path)
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw readError(error, file)
  }
}
