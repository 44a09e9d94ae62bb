import { existsSync } from 'node:fs'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { experimentPath, loadExperiment } from '../../runs/experiments.ts'
import type { Workspace } from '../../runs/workspace.ts'
import { keyPath } from '../tree/keyPath.ts'
import type { RowTarget } from '../tree/treeNodes.ts'
import { chooseProject } from './choose.ts'
import type { Command } from './command.ts'
import { experimentFor } from './experimentQuestion.ts'

/** "Open Experiment File": at the changed condition where one was selected. */
export const openExperiment: Command = async (services, target) => {
  const store = await chooseProject(services, target)
  const title = vscode.l10n.t('Open Experiment File')
  const experiment = await experimentFor(services, store, target?.experiment, title)
  const path = experimentPath(store.workspace, experiment)
  if (!existsSync(path))
    throw new UserError(vscode.l10n.t('The experiment {0} has no file any more.', experiment), {
      hint: vscode.l10n.t('It was renamed or deleted; what it was trained with stands in its run records.'),
      code: 'no-experiment',
    })
  const { key }: Partial<RowTarget> = target ?? {}
  const { file, line } = key === undefined ? { file: path, line: 1 } : placeOf(store.workspace, experiment, path, key)
  const position = new vscode.Position(line - 1, 0)
  const selection = key === undefined ? {} : { selection: new vscode.Range(position, position) }
  await vscode.window.showTextDocument(vscode.Uri.file(file), selection)
}

/** Where a condition stands: in this file, or in the one that it extends and that sets it. */
function placeOf(
  workspace: Workspace,
  experiment: string,
  path: string,
  key: string,
): { readonly file: string; readonly line: number } {
  try {
    const { file = path, line = 1 } = loadExperiment(workspace, experiment).locate(keyPath(key))
    return { file, line }
  } catch (error) {
    // Broken while it is typed: it is shown all the same.
    if (error instanceof UserError) return { file: path, line: 1 }
    throw error
  }
}
