import { closeSync, fstatSync, openSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import { runFiles } from '../protocol/runFolder.ts'
import { writeAll } from './atomicFile.ts'
import { systemCode, writeError } from './diskErrors.ts'
import { heartbeatMilliseconds, isAlive, thisProcess } from './holder.ts'
import { withMutex } from './mutex.ts'

const lockSchema = z.object({
  pid: z.int(),
  start: z.string().optional(),
  host: z.string(),
  since: z.string(),
})
/** The trainer that holds a run folder; `since` is ISO-8601 UTC. */
export type LockHolder = z.infer<typeof lockSchema>

/** The living trainer of a run folder; undefined if there is none or it died. */
export function lockHolder(runFolder: string): LockHolder | undefined {
  const found = readLock(join(runFolder, runFiles.lock))
  return found !== undefined && isAlive(found.holder, found.touched) ? found.holder : undefined
}

/** The right to write into one run folder; held by at most one process at a time. */
export class RunLock {
  readonly runFolder: string
  private readonly path: string
  private readonly content: string
  private readonly heartbeat: NodeJS.Timeout

  private constructor(path: string, content: string) {
    this.runFolder = dirname(path)
    this.path = path
    this.content = content
    this.heartbeat = setInterval(() => {
      this.touch()
    }, heartbeatMilliseconds)
    this.heartbeat.unref()
  }

  /**
   * Locks a run folder. The lock of a dead process is taken over, also when its pid now belongs to another one.
   * @throws UserError `run-locked` naming the process that trains this run.
   */
  static async acquire(runFolder: string): Promise<RunLock> {
    const path = join(runFolder, runFiles.lock)
    return withMutex(runFolder, runFiles.lock, () => {
      const living = lockHolder(runFolder)
      if (living !== undefined) throw runLocked(runFolder, living)
      const content = JSON.stringify({ ...thisProcess(), since: new Date().toISOString() })
      rmSync(path, { force: true })
      writeNewLock(path, `${content}\n`)
      return Promise.resolve(new RunLock(path, content))
    })
  }

  /** Gives the folder back; does nothing if the lock is not ours any more. */
  release(): void {
    clearInterval(this.heartbeat)
    const found = readLock(this.path)
    if (found?.content === this.content) rmSync(this.path, { force: true })
  }

  private touch(): void {
    try {
      utimesSync(this.path, new Date(), new Date())
    } catch {
      // The folder was removed under the trainer: its next write says so, with a better message.
    }
  }
}

function writeNewLock(path: string, content: string): void {
  try {
    const fd = openSync(path, 'wx')
    try {
      writeAll(fd, Buffer.from(content))
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw writeError(error, path)
  }
}

function readLock(path: string): { holder: LockHolder; touched: number; content: string } | undefined {
  try {
    const fd = openSync(path, 'r')
    try {
      const content = readFileSync(fd, 'utf8').trim()
      return { holder: lockSchema.parse(JSON.parse(content)), touched: fstatSync(fd).mtimeMs, content }
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    // An unreadable lock was torn by the death of its writer: whoever lives would have finished writing it.
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError) return undefined
    throw error
  }
}

function runLocked(runFolder: string, { pid, host, since }: LockHolder): UserError {
  const run = basename(runFolder)
  const where = host === thisProcess().host ? '' : ` on ${host}`
  return new UserError(`run ${run} is being trained by process ${pid}${where} since ${since}`, {
    file: runFolder,
    code: 'run-locked',
    hint: `Wait for it, stop it by writing "stop" into ${join(runFolder, runFiles.control)}, or end it with: kill ${pid}`,
  })
}
