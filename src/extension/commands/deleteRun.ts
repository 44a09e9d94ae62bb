import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { debuggedExperiment } from '../../protocol/runName.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import type { Target } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { checkTrust, choose, chooseProject, Dismissed, latestRuns } from './choose.ts'
import type { Command } from './command.ts'

/** "Delete Run…": its folder, and its result only where the person says so; into the trash where there is one. */
export const deleteRun: Command = async (services, target) => {
  checkTrust()
  const store = await chooseProject(services, target)
  await store.loaded
  const name = target?.run ?? (await chooseFinished(store, target))
  const { path } = openUntrained(store, name)
  const result = join(store.workspace.root, 'foldwise', 'results', `${name}.json`)
  const isWithResult = await askWhat(name, existsSync(result))
  // Somebody may have resumed it while the question stood.
  openUntrained(store, name)
  await remove(isWithResult ? [path, result] : [path], name)
  store.refreshRun(name)
}

/** @throws UserError where a trainer works in it, or it is gone */
function openUntrained({ workspace }: ProjectStore, name: string): RunFolder {
  const run = RunFolder.open(workspace, name)
  if (run.trainer() === undefined) return run
  throw new UserError(vscode.l10n.t('{0} is in training and cannot be deleted.', name), {
    hint: vscode.l10n.t('Stop it first.'),
    code: 'run-locked',
  })
}

/** @throws UserError where there is none, Dismissed */
async function chooseFinished(store: ProjectStore, target: Target | undefined): Promise<string> {
  const runs = latestRuns(store, ({ phase, identity }) => {
    const experiment = debuggedExperiment(identity.experiment) ?? identity.experiment
    return (
      phase !== 'running' &&
      (target?.experiment === undefined || target.experiment === experiment) &&
      (target?.fold === undefined || target.fold === identity.fold)
    )
  })
  if (runs.length === 0) throw new UserError(vscode.l10n.t('There is no run to delete.'), { code: 'no-run' })
  const items = runs.map(({ name, phase }) => ({ label: name, description: phase }))
  return (await choose(items, vscode.l10n.t('Delete Run'), vscode.l10n.t('Which run?'))).label
}

/** The only question, as it destroys. @returns whether the result goes too  @throws Dismissed */
async function askWhat(name: string, hasResult: boolean): Promise<boolean> {
  const folder = vscode.l10n.t('Delete Run')
  const both = vscode.l10n.t('Delete Run and Result')
  const detail = hasResult
    ? vscode.l10n.t(
        'Its weights, history and predictions go to the trash. Its result, which is shared and counts in the scores, stays unless you delete it too.',
      )
    : vscode.l10n.t('Its weights, history and predictions go to the trash.')
  const question = vscode.l10n.t('Delete {0}?', name)
  const choices = hasResult ? [folder, both] : [folder]
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...choices)
  if (chosen === undefined) throw new Dismissed()
  return chosen === both
}

async function remove(paths: readonly string[], name: string): Promise<void> {
  const [useTrash, forGood] = [true, false].map((each) => ({ useTrash: each, recursive: true }))
  for (const [index, path] of paths.entries()) {
    const uri = vscode.Uri.file(path)
    try {
      await vscode.workspace.fs.delete(uri, useTrash)
    } catch {
      // Servers and some disks have no trash; what is gone already needs none.
      if (!existsSync(path)) continue
      if (index === 0) await askForGood(name)
      await vscode.workspace.fs.delete(uri, forGood)
    }
  }
}

/** @throws Dismissed */
async function askForGood(name: string): Promise<void> {
  const forGood = vscode.l10n.t('Delete Permanently')
  const question = vscode.l10n.t('There is no trash on this disk. Delete {0} permanently?', name)
  const detail = vscode.l10n.t('It cannot be brought back.')
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, forGood)
  if (chosen !== forGood) throw new Dismissed()
}
