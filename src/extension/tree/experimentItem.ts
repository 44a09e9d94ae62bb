import * as vscode from 'vscode'
import { experimentContext } from './contextValue.ts'
import type { ExperimentFacts, Metric } from './experimentFacts.ts'
import { icon } from './runIcons.ts'
import type { ExperimentNode } from './treeNodes.ts'
import { joined, judgedDifferenceText, judgementText, metricText, spreadScoreText } from './treeTexts.ts'
import { markUri } from './verdictDecorations.ts'

/** The row of an experiment. @param hasRuns whether any run of it is known, scored or not */
export function experimentItem(
  { id, target, experiment }: ExperimentNode,
  facts: ExperimentFacts,
  metric: Metric,
  hasRuns: boolean,
): vscode.TreeItem {
  const item = new vscode.TreeItem(experiment, vscode.TreeItemCollapsibleState.Collapsed)
  const { difference, isBaseline, file } = facts
  const score = spreadScoreText(facts)
  item.id = id
  item.iconPath = experimentIcon(facts)
  item.contextValue = experimentContext(facts)
  // What decides comes first: a narrow side bar cuts the rest.
  item.description = joined(
    difference && judgedDifferenceText(difference),
    score ?? (hasRuns ? undefined : vscode.l10n.t('not trained')),
    runningText(facts),
    fileText(file),
  )
  if (isBaseline || difference !== undefined)
    item.resourceUri = markUri(experiment, isBaseline ? 'baseline' : difference!.verdict)
  if (file !== 'missing')
    item.command = {
      command: 'foldwise.openExperiment',
      title: vscode.l10n.t('Open Experiment File'),
      arguments: [target],
    }
  item.accessibilityInformation = { label: spoken(experiment, facts, metric, hasRuns) }
  return item
}

function experimentIcon({ running, file, isBaseline }: ExperimentFacts): vscode.ThemeIcon {
  if (running > 0) return icon('sync~spin', 'charts.blue')
  if (file === 'broken') return icon('warning', 'list.warningForeground')
  if (file === 'missing') return icon('circle-slash')
  return icon(isBaseline ? 'bookmark' : 'beaker')
}

function runningText({ running }: ExperimentFacts): string | undefined {
  if (running === 0) return undefined
  return running === 1 ? vscode.l10n.t('training') : vscode.l10n.t('{0} in training', running)
}

function fileText(file: ExperimentFacts['file']): string | undefined {
  switch (file) {
    case 'there':
      return undefined
    case 'broken':
      return vscode.l10n.t('error in its file')
    case 'missing':
      return vscode.l10n.t('no file')
    default:
      return file satisfies never
  }
}

/** What a screen reader says: the signs of the description as words. */
function spoken(experiment: string, facts: ExperimentFacts, metric: Metric, hasRuns: boolean): string {
  const { isBaseline, difference, file } = facts
  const score = spreadScoreText(facts)
  const parts = [
    experiment,
    isBaseline ? vscode.l10n.t('baseline') : undefined,
    score === undefined
      ? hasRuns
        ? vscode.l10n.t('no score yet')
        : vscode.l10n.t('not trained')
      : `${metricText(metric)} ${score}`,
    difference && judgementText(difference),
    runningText(facts),
    fileText(file),
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}
