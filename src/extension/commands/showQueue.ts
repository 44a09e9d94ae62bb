import * as vscode from 'vscode'
import { showFailure } from '../failure.ts'
import type { Services } from '../services.ts'
import type { Job } from '../supervisor/job.ts'
import { checkTrust } from './choose.ts'
import type { Command } from './command.ts'

interface QueueItem extends vscode.QuickPickItem {
  readonly job?: Job
}

/** "Show Queue": what trains and what waits, kept up to date while it is open; what waits can be taken out. */
export const showQueue: Command = async (services) => {
  const { queue } = services
  const pick = vscode.window.createQuickPick<QueueItem>()
  pick.title = vscode.l10n.t('Training Queue')
  const stop = { iconPath: new vscode.ThemeIcon('debug-stop'), tooltip: vscode.l10n.t('Stop Training') }
  const remove = { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Remove from the queue') }
  const clear = { iconPath: new vscode.ThemeIcon('clear-all'), tooltip: vscode.l10n.t('Remove all that wait') }
  const draw = (): void => {
    const jobs = queue?.jobs ?? []
    const [active, waiting] = [jobs.filter(isActive), jobs.filter((job) => !isActive(job))]
    pick.items = [
      ...active.map((job) => ({ ...itemOf(services, job), buttons: [stop] })),
      ...waiting.map((job) => ({ ...itemOf(services, job), buttons: [remove] })),
    ]
    pick.placeholder =
      jobs.length === 0
        ? vscode.l10n.t('Nothing trains and nothing waits.')
        : vscode.l10n.t('{0} waiting', waiting.length)
    pick.buttons = waiting.length > 1 ? [clear] : []
  }
  const act = (isMeant: (job: Job) => boolean): void => {
    attempt(services, async () => {
      checkTrust()
      await queue?.removeWaiting(isMeant)
    })
  }
  const changes = queue?.onDidChange(draw)
  pick.onDidTriggerButton(() => {
    act(() => true)
  })
  pick.onDidTriggerItemButton(({ item: { job } }) => {
    if (job === undefined) return
    if (isActive(job)) void vscode.commands.executeCommand('foldwise.stop', targetOf(services, job))
    else act(({ id }) => id === job.id)
  })
  draw()
  await new Promise<void>((resolve) => {
    // Choosing a line shows its curves where it has begun; otherwise there is nothing to open.
    pick.onDidAccept(() => {
      const target = targetOf(services, pick.selectedItems.at(0)?.job)
      if (target !== undefined) void vscode.commands.executeCommand('foldwise.openCurves', target)
      pick.hide()
    })
    pick.onDidHide(() => {
      resolve()
    })
    pick.show()
  })
  changes?.dispose()
  pick.dispose()
}

function isActive({ process }: Job): boolean {
  return process !== undefined
}

function targetOf(
  { queue }: Services,
  job: Job | undefined,
): { readonly root: string; readonly run: string } | undefined {
  const run = job && queue?.runOf(job)
  return job === undefined || run === undefined ? undefined : { root: job.root, run }
}

function itemOf({ queue, projects }: Services, job: Job): QueueItem {
  const { root, work } = job
  const icon = isActive(job) ? '$(sync~spin) ' : '$(clock) '
  const seed = work.kind === 'train' && work.seed !== undefined ? [vscode.l10n.t('seed {0}', work.seed)] : []
  const project = projects.all.length > 1 ? [vscode.workspace.asRelativePath(root)] : []
  return {
    label: `${icon}${queue?.runOf(job) ?? work.experiment}`,
    description: [kindText(work.kind), vscode.l10n.t('fold {0}', work.fold), ...seed, ...project].join(' · '),
    job,
  }
}

function kindText(kind: Job['work']['kind']): string {
  switch (kind) {
    case 'train':
      return vscode.l10n.t('training')
    case 'debug':
      return vscode.l10n.t('debug run')
    case 'resume':
      return vscode.l10n.t('resumed')
    default:
      return kind satisfies never
  }
}

function attempt(services: Services, act: () => Promise<void>): void {
  act().catch((error: unknown) => showFailure(error, services.log))
}
