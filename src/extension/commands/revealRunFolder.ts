import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { runFiles } from '../../protocol/runFolder.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import type { RowTarget } from '../tree/treeNodes.ts'
import { chooseProject, chooseRun } from './choose.ts'
import type { Command } from './command.ts'

/** "Reveal Run Folder": in the system's file manager, or in the explorer where the files lie on another machine. */
export const revealRunFolder: Command = async (services, target) => {
  const store = await chooseProject(services, target)
  const run = await chooseRun(store, target, vscode.l10n.t('Reveal Run Folder'))
  const { path } = RunFolder.open(store.workspace, run.name)
  const { file }: Partial<RowTarget> = target ?? {}
  // A file manager shows a file in its folder, and opens a folder's parent: the record stands for the folder.
  const shown = [file, runFiles.record]
    .filter((each) => each !== undefined)
    .find((each) => existsSync(join(path, each)))
  const isLocal = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop
  await vscode.commands.executeCommand(
    isLocal ? 'revealFileInOS' : 'revealInExplorer',
    vscode.Uri.file(shown === undefined ? path : join(path, shown)),
  )
}
