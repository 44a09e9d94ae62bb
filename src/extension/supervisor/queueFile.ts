import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { writeFileAtomic } from '../../runs/atomicFile.ts'
import { readError, systemCode, writeError } from '../../runs/diskErrors.ts'
import { withMutex } from '../../runs/mutex.ts'
import { jobSchema, type Job } from './job.ts'

const logEndings = ['out', 'err'] as const

/**
 * The queue on disk, in the storage that VS Code gives this workspace: it survives the window, and two windows on one
 * folder share it. Jobs are in the order in which they are trained; the first may have a process.
 */
export class QueueFile {
  private readonly folder: string
  private readonly file: string

  /** @param folder made with the first job */
  constructor(folder: string) {
    this.folder = folder
    this.file = join(folder, 'queue.json')
  }

  /** Absolute path of a job's own file. @param ending `out` for what its trainer prints, `err` for its messages */
  path({ id }: Job, ending: (typeof logEndings)[number]): string {
    return join(this.folder, `${id}.${ending}`)
  }

  /** Time of the last thing a job's trainer printed, milliseconds since 1970; undefined where it was never started. */
  lastPrinted(job: Job): number | undefined {
    return statSync(this.path(job, 'out'), { throwIfNoEntry: false })?.mtimeMs
  }

  removeLogs(job: Job): void {
    for (const ending of logEndings) rmSync(this.path(job, ending), { force: true })
  }

  /** @throws UserError `cannot-read`: to take a queue that cannot be read for an empty one would lose it */
  read(): readonly Job[] {
    let text: string
    try {
      text = readFileSync(this.file, 'utf8')
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return []
      throw readError(error, this.file)
    }
    return parseJobs(text)
  }

  /** Replaces the jobs; no other window changes them meanwhile. @throws UserError where the storage takes no file */
  async change(next: (jobs: readonly Job[]) => readonly Job[] | Promise<readonly Job[]>): Promise<readonly Job[]> {
    try {
      mkdirSync(this.folder, { recursive: true })
    } catch (error) {
      throw writeError(error, this.folder)
    }
    return withMutex(this.folder, 'queue', async () => {
      const before = this.read()
      const jobs = await next(before)
      if (jobs !== before) await writeFileAtomic(this.file, JSON.stringify(jobs))
      return jobs
    })
  }

  /** Deletes the logs of jobs that are not in the queue any more: a host died before it could. */
  async removeStaleLogs(): Promise<void> {
    if (statSync(this.folder, { throwIfNoEntry: false }) === undefined) return
    await this.change((jobs) => {
      const known = new Set(jobs.map(({ id }) => id))
      for (const name of readdirSync(this.folder)) {
        const id = /^(.+)\.(?:out|err)$/.exec(name)?.[1]
        if (id !== undefined && !known.has(id)) rmSync(join(this.folder, name), { force: true })
      }
      return jobs
    })
  }
}

/** A job of another version cannot be known: it is left out. */
function parseJobs(text: string): readonly Job[] {
  let jobs: unknown
  try {
    jobs = JSON.parse(text)
  } catch {
    return []
  }
  return z
    .array(z.unknown())
    .catch([])
    .parse(jobs)
    .flatMap((job) => jobSchema.safeParse(job).data ?? [])
}
