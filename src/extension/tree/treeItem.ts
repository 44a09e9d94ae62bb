import * as vscode from 'vscode'
import { differenceText, scoreText } from '../texts.ts'
import { foldContext } from './contextValue.ts'
import { checkItem, checkpointItem, conditionItem, noteItem } from './detailItems.ts'
import { experimentItem } from './experimentItem.ts'
import type { RunFacts } from './runFacts.ts'
import { icon } from './runIcons.ts'
import { runDetails, runItem, seedText } from './runItem.ts'
import type { DebugRunsNode, FoldNode, RunNode, TreeNode } from './treeNodes.ts'
import type { TreeRows } from './treeRows.ts'
import { joined, phaseText } from './treeTexts.ts'

/** What is drawn for a row. @param isQueued whether a fold waits in the queue */
export function treeItem(
  node: Exclude<TreeNode, { type: 'project' }>,
  rows: TreeRows,
  isQueued: (node: FoldNode) => boolean,
): vscode.TreeItem {
  const { tree } = rows
  switch (node.type) {
    case 'experiment':
      return experimentItem(node, tree.experiment(node.experiment), tree.metric, tree.hasRuns(node.experiment))
    case 'fold':
      return foldItem(node, rows, isQueued(node))
    case 'debug-runs':
      return debugRunsItem(node, rows)
    case 'run':
      return runRow(node, rows)
    case 'condition':
      return withId(node, conditionItem(node))
    case 'check':
      return withId(node, checkItem(node))
    case 'checkpoint':
      return withId(node, checkpointItem(node))
    case 'note':
      return withId(node, noteItem(node))
    default:
      return node satisfies never
  }
}

export function projectItem(id: string, root: string): vscode.TreeItem {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(root))
  const name = folder?.name ?? vscode.workspace.asRelativePath(root)
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded)
  item.id = id
  item.iconPath = icon('project')
  item.contextValue = 'project'
  item.tooltip = root
  item.accessibilityInformation = { label: vscode.l10n.t('Project {0}', name) }
  return item
}

function withId({ id }: TreeNode, item: vscode.TreeItem): vscode.TreeItem {
  item.id = id
  return item
}

function foldItem(node: FoldNode, { tree }: TreeRows, isQueued: boolean): vscode.TreeItem {
  const { experiment, fold } = node
  const { Collapsed, None } = vscode.TreeItemCollapsibleState
  const runs = tree.runsOf(experiment, fold)
  const facts = tree.experiment(experiment)
  const item = new vscode.TreeItem(vscode.l10n.t('Fold {0}', fold), runs.length > 0 ? Collapsed : None)
  const scores = facts.scored.filter((each) => each.fold === fold).map(({ value }) => value)
  const mean = scores.length === 0 ? undefined : scores.reduce((sum, value) => sum + value, 0) / scores.length
  const isRunning = runs.some((run) => tree.summary(run)?.phase === 'running')
  const last = runs.length === 0 ? undefined : tree.run(runs[0])
  const difference = facts.difference?.folds.get(fold)
  item.id = node.id
  item.contextValue = foldContext(facts)
  item.iconPath = isRunning
    ? icon('sync~spin', 'charts.blue')
    : icon(mean === undefined ? 'circle-outline' : 'circle-filled')
  item.description = joined(
    mean === undefined ? undefined : scoreText(mean),
    scores.length > 1 ? vscode.l10n.t('{0} seeds', scores.length) : undefined,
    difference === undefined ? undefined : differenceText(difference),
    runs.length === 0 && !isQueued ? vscode.l10n.t('not trained') : undefined,
    mean === undefined && !isRunning && last !== undefined ? endText(last) : undefined,
    isRunning ? vscode.l10n.t('training') : undefined,
    isQueued ? vscode.l10n.t('in the queue') : undefined,
  )
  return item
}

function endText({ phase, resultProblem }: RunFacts): string {
  return resultProblem === undefined ? phaseText(phase) : vscode.l10n.t('result cannot be read')
}

function debugRunsItem({ id, experiment }: DebugRunsNode, { tree }: TreeRows): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Debug runs'), vscode.TreeItemCollapsibleState.Collapsed)
  item.id = id
  item.iconPath = icon('debug-alt')
  item.contextValue = 'debug-runs'
  item.description = String(tree.debugRunsOf(experiment).length)
  item.tooltip = vscode.l10n.t('Short runs that check the experiment; they count in no score.')
  item.accessibilityInformation = { label: `${vscode.l10n.t('Debug runs')}, ${item.description}` }
  return item
}

function runRow({ id, target, run }: RunNode, rows: TreeRows): vscode.TreeItem {
  const { tree } = rows
  const facts = tree.run(run)
  // Deleted between two drawings: the next one leaves it out.
  if (facts === undefined) return new vscode.TreeItem(run)
  const isDebug = tree.place(run)?.isDebug === true
  const isReplaced = !isDebug && facts.score !== null && tree.result(run) !== undefined && !tree.isCounted(run)
  const label = isDebug ? joined(vscode.l10n.t('Fold {0}', facts.fold), seedText(facts)) : seedText(facts)
  const row = {
    id,
    target: { ...target, run },
    label,
    details: runDetails(facts, tree.metric, isReplaced),
    isDebug,
    isExpandable: rows.hasChildren(run),
  }
  return runItem(row, facts)
}
