import { existsSync } from 'node:fs'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { runFiles } from '../../protocol/runFolder.ts'
import { debuggedExperiment } from '../../protocol/runName.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import { showOverlay } from '../panels/overlayPanel.ts'
import type { Target } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { scoreText } from '../texts.ts'
import { choose, chooseProject, latestRuns } from './choose.ts'
import type { Command } from './command.ts'

/** "Open Overlay": of the target's run, of an experiment's latest finished run, or of a run that the person picks. */
export const openOverlay: Command = async (services, target) => {
  const store = await chooseProject(services, target)
  await store.loaded
  const run = runOf(store, target) ?? (await chooseOverlay(store))
  showOverlay(services, { root: store.workspace.root, run })
}

/** @throws UserError where the target's run is not on this machine, or its experiment has no finished run */
function runOf(store: ProjectStore, target: Target | undefined): string | undefined {
  const { run, experiment, fold } = target ?? {}
  if (run !== undefined) {
    if (store.runs.has(run)) return run
    throw new UserError(vscode.l10n.t('The folder of this run is not on this machine: its pictures cannot be shown.'), {
      value: run,
      hint: vscode.l10n.t('Copy foldwise/runs/{0} from where it was trained.', run),
      code: 'unknown-run',
    })
  }
  if (experiment === undefined) return undefined
  const latest = latestRuns(
    store,
    ({ identity, phase }) =>
      phase === 'finished' && identity.experiment === experiment && (fold === undefined || identity.fold === fold),
  ).at(0)
  if (latest !== undefined) return latest.name
  throw new UserError(vscode.l10n.t('"{0}" has no finished run on this machine yet.', experiment), {
    hint: vscode.l10n.t('Train one with "Foldwise: Train Fold".'),
    code: 'no-run',
  })
}

async function chooseOverlay(store: ProjectStore): Promise<string> {
  const runs = latestRuns(store, (run) => hasPredictions(store, run))
  if (runs.length === 0)
    throw new UserError(vscode.l10n.t('No run of this project has predictions yet.'), {
      hint: vscode.l10n.t('They are written when a fold is trained: run "Foldwise: Train Fold".'),
      code: 'no-run',
    })
  const items = runs.map((run) => ({ label: run.name, description: describe(run) }))
  const { label } = await choose(items, vscode.l10n.t('Open Overlay'), vscode.l10n.t('Predictions of which run?'))
  return label
}

function describe({ progress, created, identity }: RunSummary): string {
  const score = progress.best?.value
  return [
    ...(score === undefined ? [] : [scoreText(score)]),
    ...(debuggedExperiment(identity.experiment) === undefined ? [] : [vscode.l10n.t('debug run')]),
    new Date(created).toLocaleString(vscode.env.language),
  ].join(' · ')
}

function hasPredictions(store: ProjectStore, { name }: RunSummary): boolean {
  try {
    return existsSync(RunFolder.open(store.workspace, name).file(runFiles.predictions))
  } catch (error) {
    // Deleted this moment, or a link that leads out of the folder.
    if (error instanceof UserError) return false
    throw error
  }
}
