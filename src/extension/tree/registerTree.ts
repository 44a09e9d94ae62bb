import * as vscode from 'vscode'
import type { Services } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import { HistoryView } from './historyView.ts'
import { ProjectTrees } from './projectTrees.ts'
import { RunsView } from './runsView.ts'
import { registerVerdictDecorations } from './verdictDecorations.ts'
import { WorstPictures } from './worstPicture.ts'

/** The views of the side bar. */
export function registerTree(services: Services): Disposables {
  const own = new Disposables()
  const trees = own.add(new ProjectTrees(services))
  const pictures = new WorstPictures(services)
  const runs = own.add(new RunsView(services, trees, pictures))
  const history = own.add(new HistoryView(trees, pictures))
  own.add(registerVerdictDecorations())
  // A key, unlike a menu, does not say what it was pressed on.
  own.add(vscode.commands.registerCommand('foldwise.runs.deleteSelected', () => deleteRun(runs.selected)))
  own.add(vscode.commands.registerCommand('foldwise.history.deleteSelected', () => deleteRun(history.selected)))
  return own
}

/** Of something else than a run, its runs are offered. */
async function deleteRun(node: RunsView['selected'] | HistoryView['selected']): Promise<void> {
  await vscode.commands.executeCommand('foldwise.deleteRun', node)
}
