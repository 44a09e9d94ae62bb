import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { UserError, describeUserError } from '../core/errors.ts'
import { eventVersion, parseEventLine } from '../protocol/events.ts'
import { runFiles } from '../protocol/runFolder.ts'
import type { RunIdentity } from '../protocol/runName.ts'
import { advance, noProgress, type RunPhase, type RunProgress } from '../protocol/runState.ts'
import { readError, systemCode } from './diskErrors.ts'
import { RunFolder } from './runFolder.ts'
import type { Workspace } from './workspace.ts'

/** What lists show of a run; everything in it comes from its folder. */
export interface RunSummary {
  readonly name: string
  readonly identity: RunIdentity
  readonly phase: RunPhase
  /** ISO-8601 UTC; the folder's own time before the trainer wrote its record. */
  readonly created: string
  readonly progress: RunProgress
  /** Why the folder cannot be read in full: damaged, or written by a later version. */
  readonly problem: string | undefined
}

/** Enough for the last epochs' events and every check; a step event has some 250 bytes. */
const tailBytes = 64 * 1024
/** Where the first line says its version: enough of it, and no event that could be read. */
const headBytes = 200
/** A folder without an event and without a lock belongs to a trainer that is about to start, for so long. */
const startingMilliseconds = 10_000

/**
 * Summary of a run from its record and the end of its history: three small reads, however long it trained.
 * @throws UserError `unknown-run` where the folder is gone
 */
export function readRunSummary(workspace: Workspace, name: string): RunSummary {
  const run = RunFolder.open(workspace, name)
  const folderTime = timeOf(run)
  const summary = { name, identity: run.identity }
  let isAlive = false
  try {
    isAlive = isTrained(run)
    const recorded = readStart(run)
    const progress = readTail(run, { ...noProgress, started: recorded })
    const isStarting = progress.lastTime === undefined && Date.now() - Date.parse(folderTime) < startingMilliseconds
    const phase = phaseOf(progress, isAlive || isStarting)
    return { ...summary, phase, created: recorded?.time ?? folderTime, progress, problem: undefined }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const phase = phaseOf(noProgress, isAlive)
    return { ...summary, phase, created: folderTime, progress: noProgress, problem: describeUserError(error) }
  }
}

/** When the folder was made, ISO-8601 UTC. @throws UserError `unknown-run` */
function timeOf({ path, name }: RunFolder): string {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (entry === undefined) throw new UserError('there is no such run', { code: 'unknown-run', value: name })
  // Some file systems do not know when a file was born.
  return (entry.birthtimeMs === 0 ? entry.mtime : entry.birthtime).toISOString()
}

function isTrained(run: RunFolder): boolean {
  try {
    return run.trainer() !== undefined
  } catch (error) {
    throw readError(error, run.path)
  }
}

/** @param isAlive whether a trainer holds the run's lock */
export function phaseOf(progress: RunProgress, isAlive: boolean): RunPhase {
  return isAlive ? 'running' : (progress.ending ?? 'interrupted')
}

function readStart(run: RunFolder): RunProgress['started'] {
  try {
    const { created, device, config } = run.readRecord()
    const { epochs } = (config['train'] ?? {}) as { readonly epochs?: unknown }
    return { time: created, device, epochs: typeof epochs === 'number' ? epochs : 0, stepsPerEpoch: 0 }
  } catch (error) {
    if (error instanceof UserError && error.details.code === 'not-found') return undefined
    throw error
  }
}

/** Folds the events at the end of the history; of the many steps only the last counts. */
function readTail(run: RunFolder, start: RunProgress): RunProgress {
  const lines = lastLines(run.file(runFiles.events))
  const lastStep = lines.findLastIndex(isStep)
  let progress = start
  for (const [index, line] of lines.entries()) {
    if (isStep(line) && index !== lastStep) continue
    checkVersion(line, run)
    const event = parseEventLine(line)
    if (event !== undefined) progress = advance(progress, event)
  }
  return progress
}

function isStep(line: string): boolean {
  return line.includes('"type":"step"')
}

function checkVersion(line: string, run: RunFolder): void {
  const version = /"v":\s*(\d+)/.exec(line.slice(0, 200))?.[1]
  if (version === undefined || Number(version) <= eventVersion) return
  throw new UserError(`this run was written by a later version of Foldwise (format ${version})`, {
    file: run.file(runFiles.events),
    code: 'newer-format',
    hint: 'Update Foldwise to look at it.',
  })
}

/** Complete lines at the end of a file, after its first one, which says the version; none where it does not exist. */
function lastLines(file: string): readonly string[] {
  try {
    const fd = openSync(file, 'r')
    try {
      const { size } = fstatSync(fd)
      const start = Math.max(0, size - tailBytes)
      const lines = read(fd, start, size - start).split('\n')
      // What follows the last line feed is torn; what comes first may begin in the middle of a line.
      const complete = lines.slice(start === 0 ? 0 : 1, -1)
      return start === 0 ? complete : [read(fd, 0, headBytes).split('\n')[0], ...complete]
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw readError(error, file)
  }
}

function read(fd: number, start: number, length: number): string {
  const buffer = Buffer.alloc(length)
  return buffer.toString('utf8', 0, readSync(fd, buffer, 0, length, start))
}
