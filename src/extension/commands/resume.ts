import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import type { Services, Target } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { choose, chooseProject, latestRuns, trainingQueue } from './choose.ts'
import type { Command } from './command.ts'
import { resumabilityOf, type Resumability } from './resumability.ts'
import { phaseText } from '../tree/treeTexts.ts'

/** "Resume Training…": goes on with a run that stopped, failed or was interrupted, from its last checkpoint. */
export const resume: Command = async (services, target) => {
  const queue = trainingQueue(services)
  const store = await chooseProject(services, target)
  await store.loaded
  const { root } = store.workspace
  const run = target?.run === undefined ? await chooseResumable(services, store, target) : store.runs.get(target.run)
  const name = run?.name ?? target?.run ?? ''
  if (run === undefined) throw new UserError(vscode.l10n.t('The run {0} is not there any more.', name))
  const resumability = resumabilityOf(run)
  if (resumability !== 'resumable') throw new UserError(`${name}: ${refusal(resumability)}`, { code: 'not-resumable' })
  if (isQueued(services, root, name)) throw new UserError(vscode.l10n.t('{0} is in the queue already.', name))
  const { experiment, fold } = run.identity
  await queue.add(root, [{ kind: 'resume', experiment, fold, run: name }])
}

/** @throws UserError where no run can go on  @throws Dismissed */
async function chooseResumable(
  services: Services,
  store: ProjectStore,
  target: Target | undefined,
): Promise<RunSummary> {
  const { root } = store.workspace
  const runs = latestRuns(
    store,
    (run) =>
      resumabilityOf(run) === 'resumable' &&
      !isQueued(services, root, run.name) &&
      (target?.experiment === undefined || run.identity.experiment === target.experiment) &&
      (target?.fold === undefined || run.identity.fold === target.fold),
  )
  if (runs.length === 0)
    throw new UserError(vscode.l10n.t('No run of this project can go on.'), {
      hint: vscode.l10n.t('A run goes on when it stopped, failed or was interrupted, and has written a checkpoint.'),
      code: 'nothing-to-resume',
    })
  const items = runs.map((run) => ({ label: run.name, description: descriptionOf(run), run }))
  return (await choose(items, vscode.l10n.t('Resume Training'), vscode.l10n.t('Which run shall go on?'))).run
}

function isQueued({ queue }: Services, root: string, run: string): boolean {
  return (queue?.jobs ?? []).some((job) => job.root === root && job.work.kind === 'resume' && job.work.run === run)
}

function descriptionOf({ phase, progress }: RunSummary): string {
  const { started, checkpoints } = progress
  const reached = vscode.l10n.t('epoch {0} of {1}', checkpoints.last?.epoch ?? 0, started?.epochs ?? 0)
  return `${phaseText(phase)} · ${reached}`
}

function refusal(reason: Exclude<Resumability, 'resumable'>): string {
  switch (reason) {
    case 'running':
      return vscode.l10n.t('it is in training.')
    case 'finished':
      return vscode.l10n.t('it is finished, there is nothing left to train.')
    case 'debug':
      return vscode.l10n.t('debug runs do not go on, start a new one.')
    case 'no-checkpoint':
      return vscode.l10n.t('it has written no checkpoint to go on from, train the fold again.')
    default:
      return reason satisfies never
  }
}
