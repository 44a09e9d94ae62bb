import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { runFiles } from '../../protocol/runFolder.ts'
import { runContext } from './contextValue.ts'
import { openFaultyFile } from './detailItems.ts'
import type { Metric } from './experimentFacts.ts'
import type { RunFacts } from './runFacts.ts'
import { runIcon } from './runIcons.ts'
import type { RowTarget } from './treeNodes.ts'
import { joined, phaseText, runStateText, shortDevice } from './treeTexts.ts'

export interface RunRow {
  readonly id: string
  readonly target: RowTarget & { readonly run: string }
  readonly label: string
  /** What the description says after the state. */
  readonly details: readonly (string | undefined)[]
  readonly isDebug: boolean
  readonly isExpandable: boolean
}

/** The row of a run, in the tree and in the history. */
export function runItem(row: RunRow, facts: RunFacts): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState
  const item = new vscode.TreeItem(row.label, row.isExpandable ? Collapsed : None)
  const hasPredictions = arePredicted(row.target)
  item.id = row.id
  item.iconPath = runIcon(facts)
  item.contextValue = runContext(facts, { isDebug: row.isDebug, hasPredictions })
  item.description = joined(...row.details)
  item.command = openCommand(facts, row.target, hasPredictions)
  const state = facts.phase === 'finished' ? phaseText('finished') : undefined
  const spoken = [row.label, state, ...row.details]
  item.accessibilityInformation = { label: spoken.filter((part) => part !== undefined).join(', ') }
  return item
}

/** Label of a run below its fold. */
export function seedText({ seed, attempt }: RunFacts): string {
  return attempt === 1 ? vscode.l10n.t('Seed {0}', seed) : vscode.l10n.t('Seed {0}, attempt {1}', seed, attempt)
}

/** What the tree says after a run's label. @param isReplaced a later attempt counts instead of it */
export function runDetails(facts: RunFacts, metric: Metric, isReplaced: boolean): readonly (string | undefined)[] {
  return [runStateText(facts, metric), shortDevice(facts), isReplaced ? vscode.l10n.t('replaced') : undefined]
}

function arePredicted({ root, run }: RunRow['target']): boolean {
  return existsSync(join(root, 'foldwise', 'runs', run, runFiles.predictions))
}

function openCommand(
  { phase, resultProblem }: RunFacts,
  target: RunRow['target'],
  hasPredictions: boolean,
): vscode.Command | undefined {
  const command = (name: string, title: string): vscode.Command => ({
    command: `foldwise.${name}`,
    title,
    arguments: [target],
  })
  if (phase === 'elsewhere' && resultProblem !== undefined) return openFaultyFile(target.root, resultProblem)
  if (phase === 'elsewhere') return command('openRunRecord', vscode.l10n.t('Open Run Record'))
  return hasPredictions
    ? command('openOverlay', vscode.l10n.t('Open Overlay'))
    : command('openCurves', vscode.l10n.t('Open Curves'))
}
