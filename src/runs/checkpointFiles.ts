import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runFiles } from '../protocol/runFolder.ts'
import { replaceFile, writeFileAtomic } from './atomicFile.ts'

/** What resume needs: both of the same step. */
export interface LastCheckpoint {
  /** Safetensors file of the weights, in parts that are written one after another. */
  readonly weights: readonly Uint8Array[]
  /** Safetensors file of optimizer, scheduler, random numbers, epoch and step. */
  readonly state: readonly Uint8Array[]
}

/**
 * Replaces weights and state together: a death in between leaves the old pair or the new one, never one of each.
 * Both are written under waiting names first; the state, written last, says that the pair is complete.
 * @throws UserError `disk-full` or `cannot-write`; the old pair is intact then
 */
export async function writeLastCheckpoint(runFolder: string, { weights, state }: LastCheckpoint): Promise<void> {
  const [waitingWeights, waitingState] = waitingFiles(runFolder)
  try {
    await writeFileAtomic(waitingWeights, weights)
    await writeFileAtomic(waitingState, state)
  } catch (error) {
    rmSync(waitingWeights, { force: true })
    throw error
  }
  await completeLastCheckpoint(runFolder)
}

/** Finishes the replacement that a death interrupted, or drops it where it was not complete yet. */
export async function completeLastCheckpoint(runFolder: string): Promise<void> {
  const [waitingWeights, waitingState] = waitingFiles(runFolder)
  if (!existsSync(waitingState)) {
    rmSync(waitingWeights, { force: true })
    return
  }
  // Absent weights were moved before the death; the state follows them.
  if (existsSync(waitingWeights)) await replaceFile(waitingWeights, join(runFolder, runFiles.last))
  await replaceFile(waitingState, join(runFolder, runFiles.lastState))
}

function waitingFiles(runFolder: string): readonly [weights: string, state: string] {
  return [join(runFolder, `${runFiles.last}.next`), join(runFolder, `${runFiles.lastState}.next`)]
}
