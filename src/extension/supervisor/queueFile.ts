import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { writeFileAtomic } from '../../runs/atomicFile.ts'
import { withMutex } from '../../runs/mutex.ts'
import { jobSchema, type Job } from './job.ts'

/**
 * The queue on disk, in the storage that VS Code gives this workspace: it survives the window, and two windows on one
 * folder share it. Jobs are in the order in which they are trained; the first may have a process.
 */
export class QueueFile {
  private readonly folder: string
  private readonly file: string

  constructor(folder: string) {
    this.folder = folder
    this.file = join(folder, 'queue.json')
    mkdirSync(folder, { recursive: true })
  }

  /** Absolute path of a job's own file. @param ending `out` for what its trainer prints, `err` for its messages */
  path({ id }: Job, ending: 'out' | 'err'): string {
    return join(this.folder, `${id}.${ending}`)
  }

  read(): readonly Job[] {
    try {
      return z.array(jobSchema).parse(JSON.parse(readFileSync(this.file, 'utf8')))
    } catch {
      // There is none yet; or another version wrote it, and its jobs cannot be known.
      return []
    }
  }

  /** Replaces the jobs; no other window changes them meanwhile. */
  async change(next: (jobs: readonly Job[]) => readonly Job[] | Promise<readonly Job[]>): Promise<readonly Job[]> {
    return withMutex(this.folder, 'queue', async () => {
      const jobs = await next(this.read())
      await writeFileAtomic(this.file, JSON.stringify(jobs))
      return jobs
    })
  }
}
