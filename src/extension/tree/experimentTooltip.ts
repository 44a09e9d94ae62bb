import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { differenceText } from '../texts.ts'
import type { ProjectTree } from './projectTree.ts'
import { Tooltip } from './tooltip.ts'
import { judgementText, metricText, spreadScoreText } from './treeTexts.ts'

/** What an experiment is for and how it stands. */
export function experimentTooltip(tree: ProjectTree, experiment: string): vscode.MarkdownString {
  const file = tree.file(experiment)
  const { isBaseline, difference } = tree.experiment(experiment)
  const tooltip = new Tooltip(experiment, isBaseline ? vscode.l10n.t('baseline') : '')
  if (file === undefined)
    tooltip.warning(vscode.l10n.t('It has no file: it was renamed or deleted, its runs and results are still here.'))
  else if (file instanceof UserError) tooltip.warning(file.message)
  else {
    tooltip.field(vscode.l10n.t('Hypothesis'), file.hypothesis)
    tooltip.field(vscode.l10n.t('Tags'), file.tags?.join(', '))
    tooltip.field(vscode.l10n.t('Notes'), file.notes)
  }
  addScore(tooltip, tree, experiment)
  if (difference !== undefined) {
    const { folds } = difference
    const byFold = Array.from(folds, ([fold, value]) => `${vscode.l10n.t('Fold {0}', fold)} ${differenceText(value)}`)
    tooltip.line(judgementText(difference))
    tooltip.line(byFold.join(' · '))
  }
  addChanges(tooltip, tree, experiment)
  return tooltip.text
}

function addScore(tooltip: Tooltip, tree: ProjectTree, experiment: string): void {
  tooltip.gap()
  const facts = tree.experiment(experiment)
  const score = spreadScoreText(facts)
  if (score !== undefined) tooltip.field(metricText(tree.metric), score)
  else tooltip.line(tree.hasRuns(experiment) ? vscode.l10n.t('no score yet') : vscode.l10n.t('not trained'))
  if (facts.isBaseline && facts.score.count < 2)
    tooltip.line(vscode.l10n.t('Noise unknown: train the baseline on another fold or seed.'))
}

function addChanges(tooltip: Tooltip, tree: ProjectTree, experiment: string): void {
  const changes = tree.changesOf(experiment)
  if (changes === undefined || changes instanceof UserError || changes.length === 0) return
  tooltip.gap()
  for (const { words } of changes.slice(0, 20)) tooltip.bullet(words)
}
