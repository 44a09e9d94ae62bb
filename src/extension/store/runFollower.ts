import { once } from 'node:events'
import { UserError } from '../../core/errors.ts'
import { advance, noProgress } from '../../protocol/runState.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import { phaseOf, type RunSummary } from '../../runs/runSummary.ts'
import type { Workspace } from '../../runs/workspace.ts'
import { readingOfRun } from './projectReader.ts'

/** How often the lock is asked whether the trainer still lives: events tell everything but its death. */
const lifeCheckMilliseconds = 1000

/**
 * Follows a running run until its trainer is gone: every event moves its summary on.
 * @param onChange called with the new summary; for the last time when the run has ended or its folder is gone (undefined)
 */
export async function followRun(
  workspace: Workspace,
  first: RunSummary,
  signal: AbortSignal,
  onChange: (summary: RunSummary | undefined) => void,
): Promise<void> {
  const run = openIfThere(workspace, first.name)
  if (run === undefined) {
    onChange(undefined)
    return
  }
  const end = new AbortController()
  const abort = (): void => {
    end.abort()
  }
  signal.addEventListener('abort', abort)
  let isReadable = true
  let summary: RunSummary = { ...first, progress: { ...noProgress, started: first.progress.started } }
  const life = setInterval(() => {
    if (isTrained(run)) return
    // The trainer writes its last events before it gives the lock back: what the next read finds is all there is.
    setTimeout(abort, lifeCheckMilliseconds).unref()
    clearInterval(life)
  }, lifeCheckMilliseconds)
  try {
    for await (const event of run.tailEvents(end.signal)) {
      summary = { ...summary, phase: 'running', progress: advance(summary.progress, event) }
      if (event.type === 'started' && event.resumed === undefined) summary = { ...summary, created: event.time }
      onChange(summary)
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    isReadable = false
    // The row says so while the trainer lives, and afterwards.
    onChange(readingOfRun(workspace, run.name))
    if (!end.signal.aborted) await once(end.signal, 'abort')
  } finally {
    clearInterval(life)
    signal.removeEventListener('abort', abort)
  }
  if (signal.aborted) return
  const now = readingOfRun(workspace, run.name)
  onChange(now && isReadable ? { ...summary, phase: phaseOf(summary.progress, false) } : now)
}

function isTrained(run: RunFolder): boolean {
  try {
    return run.trainer() !== undefined
  } catch {
    // The lock cannot be read at this moment: no sign of its trainer's death.
    return true
  }
}

function openIfThere(workspace: Workspace, name: string): RunFolder | undefined {
  try {
    return RunFolder.open(workspace, name)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
