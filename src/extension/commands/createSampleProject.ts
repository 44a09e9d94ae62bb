import { existsSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as vscode from 'vscode'
import { runWithProgress } from './runWithProgress.ts'
import { checkTrust, Dismissed } from './choose.ts'
import type { Command } from './command.ts'
import { isEmpty, sampleFolderIn } from './sampleFolder.ts'

/** "Create Sample Project…": a small synthetic data set to try everything on, made on this machine in seconds. */
export const createSampleProject: Command = async ({ context, projects }) => {
  checkTrust()
  const folder = openedEmptyFolder() ?? sampleFolderIn(await chooseFolder())
  const isNew = !existsSync(folder)
  const title = vscode.l10n.t('Making a sample project in {0}…', basename(folder))
  try {
    await runWithProgress(context.asAbsolutePath('dist/cli.js'), ['sample', folder], title)
  } catch (error) {
    // Half a data set would only be in the way.
    if (isNew) rmSync(folder, { recursive: true, force: true })
    throw error
  }
  projects.refresh()
  // Not awaited: a message may be read much later.
  if (projects.at(folder) === undefined) void offerToOpen(vscode.Uri.file(folder))
  else await vscode.window.showTextDocument(vscode.Uri.file(join(folder, 'foldwise', 'project.jsonc')))
}

/** The one folder of the window, where nothing is in it. */
function openedEmptyFolder(): string | undefined {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file')
  return folders.length === 1 && isEmpty(folders[0].uri.fsPath) ? folders[0].uri.fsPath : undefined
}

/** @throws Dismissed */
async function chooseFolder(): Promise<string> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Where shall the sample project be made?'),
    openLabel: vscode.l10n.t('Make It Here'),
    canSelectFiles: false,
    canSelectFolders: true,
  })
  if (chosen === undefined) throw new Dismissed()
  return chosen[0].fsPath
}

async function offerToOpen(folder: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open')
  const openNew = vscode.l10n.t('Open in New Window')
  const message = vscode.l10n.t('The sample project is in {0}.', folder.fsPath)
  const chosen = await vscode.window.showInformationMessage(message, open, openNew)
  if (chosen === undefined) return
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: chosen === openNew })
}
