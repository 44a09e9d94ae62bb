import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { runKey, type RunId } from '../../protocol/curvesMessages.ts'
import { debuggedExperiment } from '../../protocol/runName.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import { chosenRuns, curvesMemory, showCurves } from '../panels/curvesPanel.ts'
import type { Services, Target } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { scoreText } from '../texts.ts'
import { phaseText } from '../tree/treeTexts.ts'
import { Dismissed, chooseProject, latestRuns } from './choose.ts'
import type { Command } from './command.ts'

/** "Open Curves": of the target's run beside what is shown, of an experiment's runs, or of those that the person picks. */
export const openCurves: Command = async (services, target) => {
  const runs = await runsOf(services, target)
  const how = target?.run === undefined ? 'instead' : 'in addition'
  const kept = how === 'instead' ? [] : chosenRuns()
  showCurves(services, runs, how)
  await services.context.workspaceState.update(curvesMemory, [...kept, ...runs])
}

async function runsOf(services: Services, target: Target | undefined): Promise<readonly RunId[]> {
  if (target?.run === undefined && target?.experiment === undefined) return chooseRuns(services)
  const store = await chooseProject(services, target)
  await store.loaded
  const { root } = store.workspace
  const { run, experiment, fold } = target
  if (run !== undefined) {
    if (store.runs.has(run)) return [{ root, run }]
    throw new UserError(vscode.l10n.t('The folder of this run is not on this machine: it has no curves here.'), {
      value: run,
      hint: vscode.l10n.t('Copy foldwise/runs/{0} from where it was trained.', run),
      code: 'unknown-run',
    })
  }
  const runs = latestRuns(
    store,
    ({ identity }) => identity.experiment === experiment && (fold === undefined || identity.fold === fold),
  )
  if (runs.length === 0) throw noRuns()
  return runs.map(({ name }) => ({ root, run: name })).reverse()
}

interface RunItem extends vscode.QuickPickItem {
  readonly id: RunId
}

/** @throws UserError where there is nothing to choose from  @throws Dismissed */
async function chooseRuns(services: Services): Promise<readonly RunId[]> {
  const { projects, context } = services
  const stores = projects.all.length === 0 ? [await chooseProject(services, undefined)] : projects.all
  await Promise.all(stores.map(({ loaded }) => loaded))
  const items = stores.flatMap((store) => latestRuns(store).map((run) => itemOf(store, run, stores.length > 1)))
  if (items.length === 0) throw noRuns()
  const last = context.workspaceState.get<readonly RunId[]>(curvesMemory, [])
  const picked = new Set(preselected(items, last).map(runKey))
  const chosen = await vscode.window.showQuickPick(
    items.map((item) => ({ ...item, picked: picked.has(runKey(item.id)) })),
    {
      title: vscode.l10n.t('Open Curves'),
      placeHolder: vscode.l10n.t('Curves of which runs?'),
      canPickMany: true,
      matchOnDescription: true,
    },
  )
  if (chosen === undefined || chosen.length === 0) throw new Dismissed()
  return chosen.map(({ id }) => id)
}

/** Those that are shown already; else those in training; else those of the last time. */
function preselected(items: readonly (RunItem & { readonly isRunning: boolean })[], last: readonly RunId[]) {
  const shown = chosenRuns()
  if (shown.length > 0) return shown
  const running = items.filter(({ isRunning }) => isRunning).map(({ id }) => id)
  return running.length > 0 ? running : last
}

function itemOf(store: ProjectStore, run: RunSummary, isOneOfSeveral: boolean): RunItem & { isRunning: boolean } {
  const { name, phase, progress, identity, created } = run
  const score = progress.best?.value ?? progress.valid?.mIoU
  const parts = [
    phaseText(phase),
    ...(score === undefined ? [] : [scoreText(score)]),
    ...(debuggedExperiment(identity.experiment) === undefined ? [] : [vscode.l10n.t('debug run')]),
    new Date(created).toLocaleString(vscode.env.language),
    ...(isOneOfSeveral ? [vscode.workspace.asRelativePath(store.workspace.root)] : []),
  ]
  return {
    label: name,
    description: parts.join(' · '),
    id: { root: store.workspace.root, run: name },
    isRunning: phase === 'running',
  }
}

function noRuns(): UserError {
  return new UserError(vscode.l10n.t('There is no such run in this project yet.'), {
    hint: vscode.l10n.t('Train one with "Foldwise: Train Fold".'),
    code: 'no-run',
  })
}
