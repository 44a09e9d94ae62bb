import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Services, Target } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { experimentLens, type ExperimentLens } from './experimentLens.ts'
import { standingText, standingTooltip, trainingText } from './lensTexts.ts'
import { projectDocument } from './projectDocument.ts'

const top = new vscode.Range(0, 0, 0, 0)

/** What can be done with an experiment, and how it stands, above its text. */
export async function provideLenses(
  { projects }: Services,
  document: vscode.TextDocument,
): Promise<readonly vscode.CodeLens[]> {
  const place = projectDocument(projects, document.uri)
  if (place === undefined) return []
  const { store, file } = place
  await store.loaded
  return file.kind === 'experiment' ? experimentLenses(store, file.name) : projectLenses(store)
}

function experimentLenses(store: ProjectStore, experiment: string): readonly vscode.CodeLens[] {
  const target: Target = { root: store.workspace.root, experiment }
  const lens = experimentLens(store, experiment)
  return [
    action('trainFold', `$(play) ${vscode.l10n.t('Train Fold')}`, target),
    action('debugRun', `$(debug-alt) ${vscode.l10n.t('Debug Run')}`, target),
    ...(lens.facts.isBaseline
      ? []
      : [action('compareWithBaseline', `$(diff) ${vscode.l10n.t('Compare With Baseline')}`, target)]),
    ...standingLenses(lens, target),
  ]
}

function projectLenses(store: ProjectStore): readonly vscode.CodeLens[] {
  const open = `$(list-tree) ${vscode.l10n.t('Open Experiments')}`
  const lenses = [new vscode.CodeLens(top, { title: open, command: 'foldwise.runs.focus' })]
  const baseline = baselineOf(store)
  if (baseline === undefined) return lenses
  const target: Target = { root: store.workspace.root, experiment: baseline }
  const lens = experimentLens(store, baseline)
  return [
    ...lenses,
    action('openExperiment', `$(bookmark) ${vscode.l10n.t('Baseline: {0}', baseline)}`, target),
    ...standingLenses(lens, target),
  ]
}

/** Scores lead to the curves of their runs, where there are any on this machine. */
function standingLenses(lens: ExperimentLens, target: Target): readonly vscode.CodeLens[] {
  const { training } = lens
  const progress = trainingText(lens)
  const isScored = lens.facts.isTrained
  const standing = standingText(lens)
  const tooltip = standingTooltip(lens)
  return [
    ...(progress === undefined
      ? []
      : [action('openCurves', `$(sync~spin) ${progress}`, { ...target, run: training!.run.name })]),
    ...(progress !== undefined && !isScored
      ? []
      : [
          lens.hasRunsHere
            ? action('openCurves', `$(graph-line) ${standing}`, target, tooltip ?? vscode.l10n.t('Open Curves'))
            : new vscode.CodeLens(top, { title: standing, command: '', ...(tooltip === undefined ? {} : { tooltip }) }),
        ]),
  ]
}

function action(command: string, title: string, target: Target, tooltip?: string): vscode.CodeLens {
  return new vscode.CodeLens(top, {
    title,
    command: `foldwise.${command}`,
    arguments: [target],
    ...(tooltip === undefined ? {} : { tooltip }),
  })
}

function baselineOf(store: ProjectStore): string | undefined {
  try {
    return store.project().baseline
  } catch (error) {
    // Broken while it is being typed: its diagnostics say so.
    if (error instanceof UserError) return undefined
    throw error
  }
}
