import { statSync } from 'node:fs'
import { UserError } from '../../core/errors.ts'
import { runFiles } from '../../protocol/runFolder.ts'
import { isAlive } from '../../runs/holder.ts'
import type { LockHolder } from '../../runs/lock.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import type { Job } from './job.ts'
import type { QueueFile } from './queueFile.ts'

/** Whether the process of a job's trainer still runs: a slow one does, also when it prints nothing for an hour. */
export function isTrainerAlive(job: Job, lastSignOfLife: number): boolean {
  return job.process !== undefined && isAlive(job.process, lastSignOfLife)
}

/**
 * Time of the last sign of life of a job's trainer, milliseconds since 1970: it prints, and its lock has a heartbeat. Asked
 * where the system cannot tell a process from a later one with the same number.
 */
export function lastSignOfLife(file: QueueFile, job: Job, run: string | undefined): number {
  const lock = run === undefined ? undefined : inRun(job.root, run, (folder) => statSync(folder.file(runFiles.lock), { throwIfNoEntry: false })) // prettier-ignore
  return Math.max(file.lastPrinted(job) ?? 0, lock?.mtimeMs ?? 0)
}

/** The living process that holds a run; undefined where there is none, or the folder was deleted. */
export function trainerOf(root: string, run: string): LockHolder | undefined {
  return inRun(root, run, (folder) => folder.trainer())
}

/** Asks the trainer of a run to stop after its step. @returns false where the run has no folder that takes a request */
export function requestStop(root: string, run: string): boolean {
  return (
    inRun(root, run, (folder) => {
      folder.request('stop')
      return true
    }) ?? false
  )
}

function inRun<Value>(root: string, run: string, ask: (folder: RunFolder) => Value): Value | undefined {
  try {
    return ask(RunFolder.open({ root }, run))
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
