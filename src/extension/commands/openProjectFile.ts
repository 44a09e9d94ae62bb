import { join } from 'node:path'
import * as vscode from 'vscode'
import { chooseProject } from './choose.ts'
import type { Command } from './command.ts'

export const openProjectFile: Command = async (services, target) => {
  const { workspace } = await chooseProject(services, target)
  await vscode.window.showTextDocument(vscode.Uri.file(join(workspace.root, 'foldwise', 'project.jsonc')))
}
