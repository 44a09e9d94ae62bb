import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { runFiles } from '../../protocol/runFolder.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import { chooseProject, chooseRun } from './choose.ts'
import type { Command } from './command.ts'

/** "Open Run Record": what a run was trained with; the result of a run that lies on another machine. */
export const openRunRecord: Command = async (services, target) => {
  const store = await chooseProject(services, target)
  await store.loaded
  const { workspace } = store
  const isElsewhere = target?.run !== undefined && !store.runs.has(target.run) && store.results.has(target.run)
  const file = isElsewhere
    ? join(workspace.root, 'foldwise', 'results', `${target.run}.json`)
    : RunFolder.open(workspace, (await chooseRun(store, target, vscode.l10n.t('Open Run Record'))).name).file(
        runFiles.record,
      )
  if (!existsSync(file))
    throw new UserError(vscode.l10n.t('This run has no record yet.'), {
      hint: vscode.l10n.t('Its trainer writes it when data and model are ready.'),
      code: 'not-found',
    })
  await vscode.window.showTextDocument(vscode.Uri.file(file))
}
