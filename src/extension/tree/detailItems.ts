import { isAbsolute, join } from 'node:path'
import * as vscode from 'vscode'
import type { UserError } from '../../core/errors.ts'
import { icon } from './runIcons.ts'
import type { CheckNode, CheckpointNode, ConditionNode, Note, NoteNode } from './treeNodes.ts'

type Check = CheckNode['check']

/** `loss: + DiceLoss × 0.5`; opens the file where that stands. */
export function conditionItem({ target, change }: ConditionNode): vscode.TreeItem {
  const item = new vscode.TreeItem(change.words)
  item.iconPath = icon(conditionIcon(change))
  item.contextValue = 'condition'
  item.tooltip = `${change.path}: ${change.words}`
  item.command = {
    command: 'foldwise.openExperiment',
    title: vscode.l10n.t('Open Experiment File'),
    arguments: [target],
  }
  item.accessibilityInformation = { label: vscode.l10n.t('Changed condition: {0}', change.words) }
  return item
}

function conditionIcon({ before, after }: ConditionNode['change']): string {
  if (before === undefined) return 'diff-added'
  return after === undefined ? 'diff-removed' : 'diff-modified'
}

const verdictIcons: Readonly<Record<Check['verdict'], readonly [icon: string, color: string]>> = {
  pass: ['pass', 'testing.iconPassed'],
  fail: ['error', 'testing.iconFailed'],
  unclear: ['question', 'list.warningForeground'],
}

export function checkItem({ check }: CheckNode): vscode.TreeItem {
  const item = new vscode.TreeItem(check.name)
  item.description = check.message
  item.tooltip = check.message
  item.iconPath = icon(...verdictIcons[check.verdict])
  item.contextValue = 'check'
  item.accessibilityInformation = { label: `${check.name}, ${verdictText(check.verdict)}, ${check.message}` }
  return item
}

function verdictText(verdict: Check['verdict']): string {
  switch (verdict) {
    case 'pass':
      return vscode.l10n.t('check passed')
    case 'fail':
      return vscode.l10n.t('check failed')
    case 'unclear':
      return vscode.l10n.t('check unclear')
    default:
      return verdict satisfies never
  }
}

export function checkpointItem({ target, checkpoint }: CheckpointNode): vscode.TreeItem {
  const isBest = checkpoint.kind === 'best'
  const label = isBest ? vscode.l10n.t('Best checkpoint') : vscode.l10n.t('Last checkpoint')
  const item = new vscode.TreeItem(label)
  item.description = isBest ? vscode.l10n.t('epoch {0}', checkpoint.epoch) : vscode.l10n.t('step {0}', checkpoint.step)
  item.iconPath = icon(isBest ? 'star-full' : 'save')
  item.contextValue = 'checkpoint'
  item.tooltip = target.file
  item.accessibilityInformation = { label: `${label}, ${item.description}` }
  item.command = {
    command: 'foldwise.revealRunFolder',
    title: vscode.l10n.t('Reveal Run Folder'),
    arguments: [target],
  }
  return item
}

export function noteItem({ target, note }: NoteNode): vscode.TreeItem {
  const text = noteText(note)
  const item = new vscode.TreeItem(text.split('\n')[0])
  item.tooltip = text
  item.contextValue = 'note'
  item.iconPath = noteIcon(note)
  if ('error' in note) item.command = openFaultyFile(target.root, note.error)
  return item
}

function noteIcon({ kind }: Note): vscode.ThemeIcon {
  switch (kind) {
    case 'failure':
      return icon('error', 'testing.iconFailed')
    case 'warning':
    case 'unreadable':
    case 'unreadable-result':
    case 'broken-file':
      return icon('warning', 'list.warningForeground')
    case 'no-change':
    case 'other-version':
      return icon('info')
    default:
      return kind satisfies never
  }
}

function noteText(note: Note): string {
  switch (note.kind) {
    case 'broken-file': {
      const { line } = note.error.details
      const { message } = note.error
      return line === undefined ? message : vscode.l10n.t('Line {0}: {1}', line, message)
    }
    case 'unreadable-result':
      return vscode.l10n.t('The result of {0} cannot be read: {1}', note.run, note.error.message)
    case 'no-change':
      return vscode.l10n.t('The same conditions as the baseline')
    case 'other-version':
      return vscode.l10n.t('Its conditions were recorded by another version of Foldwise')
    case 'failure':
      return note.hint === undefined ? note.message : `${note.message}\n${note.hint}`
    case 'warning':
    case 'unreadable':
      return note.message
    default:
      return note satisfies never
  }
}

/** Opens the file that an error is about, where it names one. */
export function openFaultyFile(root: string, { details: { file, line } }: UserError): vscode.Command | undefined {
  if (file === undefined) return undefined
  const position = new vscode.Position((line ?? 1) - 1, 0)
  const uri = vscode.Uri.file(isAbsolute(file) ? file : join(root, file))
  return {
    command: 'vscode.open',
    title: vscode.l10n.t('Open File'),
    arguments: [uri, { selection: new vscode.Range(position, position) }],
  }
}
