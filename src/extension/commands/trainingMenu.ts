import * as vscode from 'vscode'
import type { Target } from '../services.ts'
import { choose } from './choose.ts'
import type { Command } from './command.ts'

/** What the status bar item offers for the run in training. */
export const trainingMenu: Command = async (_services, target) => {
  const entry = (icon: string, label: string, command: string, argument?: Target): MenuEntry => ({
    label: `$(${icon}) ${label}`,
    command,
    argument,
  })
  const entries = [
    entry('debug-stop', vscode.l10n.t('Stop Training'), 'stop', target),
    entry('graph-line', vscode.l10n.t('Open Curves'), 'openCurves', target),
    entry('list-selection', vscode.l10n.t('Show Queue'), 'showQueue'),
    entry('chip', vscode.l10n.t('Choose Device…'), 'chooseDevice'),
    entry('output', vscode.l10n.t('Show Log'), 'showLog'),
  ]
  const { command, argument } = await choose(entries, target?.run ?? vscode.l10n.t('Training'), '')
  await vscode.commands.executeCommand(`foldwise.${command}`, argument)
}

interface MenuEntry extends vscode.QuickPickItem {
  readonly command: string
  readonly argument: Target | undefined
}
