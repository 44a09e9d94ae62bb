import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { debuggedExperiment } from '../../protocol/runName.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import type { Services, Target } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import type { TrainerQueue } from '../supervisor/trainerQueue.ts'

/** Thrown where a person closed a picker: the command ends without a word. */
export class Dismissed extends Error {
  override readonly name = 'Dismissed'
}

/** One of several things, by its label; the last choice first. @throws Dismissed */
export async function choose<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  title: string,
  placeHolder: string,
): Promise<Item> {
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true })
  if (chosen === undefined) throw new Dismissed()
  return chosen
}

/**
 * The project a command is for: the target's, the only one, or the one that the person picks.
 * @throws UserError `no-project` with what to do  @throws Dismissed
 */
export async function chooseProject({ projects }: Services, target: Target | undefined): Promise<ProjectStore> {
  const meant = target === undefined ? undefined : projects.at(target.root)
  if (meant !== undefined) return meant
  const { all } = projects
  if (all.length === 0)
    throw new UserError(vscode.l10n.t('There is no Foldwise project in this window.'), {
      code: 'no-project',
      hint: vscode.l10n.t(
        'Open a folder of images and masks and run "Foldwise: Initialise Project", or try "Foldwise: Create Sample Project".',
      ),
    })
  if (all.length === 1) return all[0]
  const items = all.map((store) => ({ label: vscode.workspace.asRelativePath(store.workspace.root), store }))
  return (await choose(items, vscode.l10n.t('Project'), vscode.l10n.t('Which project?'))).store
}

/** @throws UserError where the workspace is not trusted or no folder is open: nothing is trained or written there */
export function trainingQueue({ queue }: Services): TrainerQueue {
  checkTrust()
  if (queue === undefined)
    throw new UserError(vscode.l10n.t('No folder is open: there is nothing to train.'), {
      hint: vscode.l10n.t('Open a folder of images and masks first, or try "Foldwise: Create Sample Project".'),
      code: 'no-folder',
    })
  return queue
}

/** @throws UserError where the workspace is not trusted */
export function checkTrust(): void {
  if (vscode.workspace.isTrusted) return
  throw new UserError(
    vscode.l10n.t('This workspace is not trusted: Foldwise shows it, and neither trains nor writes.'),
    {
      hint: vscode.l10n.t('Run "Workspaces: Manage Workspace Trust" to change that.'),
      code: 'not-trusted',
    },
  )
}

/** Runs of a project, the latest first. @param isMeant which of them to offer */
export function latestRuns(
  store: ProjectStore,
  isMeant: (run: RunSummary) => boolean = () => true,
): readonly RunSummary[] {
  return [...store.runs.values()].filter(isMeant).sort((a, b) => b.created.localeCompare(a.created))
}

/** The run a command is for: the target's, or the one that the person picks. @throws UserError, Dismissed */
export async function chooseRun(
  store: ProjectStore,
  target: Target | undefined,
  title: string,
  isMeant: (run: RunSummary) => boolean = () => true,
): Promise<RunSummary> {
  await store.loaded
  const meant = target?.run === undefined ? undefined : store.runs.get(target.run)
  if (meant !== undefined) return meant
  const experiment = target?.experiment
  const runs = latestRuns(store, isMeant).filter(
    ({ identity }) =>
      experiment === undefined || experiment === (debuggedExperiment(identity.experiment) ?? identity.experiment),
  )
  if (runs.length === 0)
    throw new UserError(vscode.l10n.t('There is no such run in this project yet.'), {
      hint: vscode.l10n.t('Train one with "Foldwise: Train Fold".'),
      code: 'no-run',
    })
  if (runs.length === 1) return runs[0]
  const items = runs.map((run) => ({ label: run.name, description: run.phase, run }))
  return (await choose(items, title, vscode.l10n.t('Which run?'))).run
}
