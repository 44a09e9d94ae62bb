import * as vscode from 'vscode'
import { chooseProject, chooseRun } from './choose.ts'
import type { Command } from './command.ts'

const shownMilliseconds = 3000

export const copyRunName: Command = async (services, target) => {
  const name = target?.run ?? (await chooseName(services))
  await vscode.env.clipboard.writeText(name)
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0}', name), shownMilliseconds)
}

async function chooseName(services: Parameters<Command>[0]): Promise<string> {
  const store = await chooseProject(services, undefined)
  return (await chooseRun(store, undefined, vscode.l10n.t('Copy Run Name'))).name
}
