import { UserError, describeUserError } from '../../core/errors.ts'
import { advance, noProgress } from '../../protocol/runState.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import { phaseOf, type RunSummary } from '../../runs/runSummary.ts'
import type { Workspace } from '../../runs/workspace.ts'

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
  const run = RunFolder.open(workspace, first.name)
  const end = new AbortController()
  const abort = (): void => {
    end.abort()
  }
  signal.addEventListener('abort', abort)
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
    onChange({ ...summary, problem: describeUserError(error) })
    return
  } finally {
    clearInterval(life)
    signal.removeEventListener('abort', abort)
  }
  if (!signal.aborted)
    onChange(isThere(workspace, run) ? { ...summary, phase: phaseOf(summary.progress, false) } : undefined)
}

function isTrained(run: RunFolder): boolean {
  return run.trainer() !== undefined
}

function isThere(workspace: Workspace, run: RunFolder): boolean {
  try {
    RunFolder.open(workspace, run.name)
    return true
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}
