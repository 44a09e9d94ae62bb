import * as vscode from 'vscode'
import { chooseProject, trainingQueue } from './choose.ts'
import type { Command } from './command.ts'
import { experimentFor } from './experimentQuestion.ts'

/** "Debug Run…": a short run on a few images that shows whether the experiment can learn at all. */
export const debugRun: Command = async (services, target) => {
  const queue = trainingQueue(services)
  const store = await chooseProject(services, target)
  const experiment = await experimentFor(services, store, target?.experiment, vscode.l10n.t('Debug Run'))
  await queue.add(store.workspace.root, [{ kind: 'debug', experiment, fold: target?.fold ?? 0 }])
}
