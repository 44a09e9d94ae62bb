import { hostname } from 'node:os'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import type { Services } from '../services.ts'
import { signal } from '../supervisor/trainerProcess.ts'
import type { Training } from './trainings.ts'

/**
 * Ends the process of a training at once, after making sure that it still is that process.
 * @throws UserError where it runs on another machine
 */
export function endProcess({ queue }: Services, { root, run, job }: Training): void {
  if (job !== undefined) {
    // It may have ended while the person read the question, and the next one begun.
    if (queue?.active?.id === job.id) queue.killActive()
    return
  }
  const holder = run === undefined ? undefined : RunFolder.open({ root }, run).trainer()
  if (holder === undefined) return
  if (holder.host !== hostname())
    throw new UserError(vscode.l10n.t('Process {0} trains this run on {1}.', holder.pid, holder.host), {
      hint: vscode.l10n.t('End it there.'),
      code: 'elsewhere',
    })
  signal(holder, Date.now(), 'SIGKILL')
}
