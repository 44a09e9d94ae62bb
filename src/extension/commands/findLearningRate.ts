import * as vscode from 'vscode'
import { editJsonc } from '../../runs/jsoncEdit.ts'
import { experimentPath } from '../../runs/experiments.ts'
import { checkTrust, chooseProject } from './choose.ts'
import type { Command } from './command.ts'
import { experimentFor } from './experimentQuestion.ts'
import { showPage } from './page.ts'
import { runWithProgress } from './runWithProgress.ts'
import { checkSaved } from './unsaved.ts'

/** "Find Learning Rate…": a throw-away training whose curve is shown; offers to write its rate into the experiment. */
export const findLearningRate: Command = async (services, target) => {
  checkTrust()
  const store = await chooseProject(services, target)
  const title = vscode.l10n.t('Find Learning Rate')
  const experiment = await experimentFor(services, store, target?.experiment, title)
  const { workspace } = store
  const settings = vscode.workspace.getConfiguration('foldwise')
  const threads = settings.get<number>('threads', 0)
  const words = [
    ...['lr-find', experiment, '--project', workspace.root, '--fold', String(target?.fold ?? 0), '--page'],
    ...['--device', settings.get('device', 'auto'), ...(threads > 0 ? ['--threads', String(threads)] : [])],
  ]
  const program = services.context.asAbsolutePath('dist/cli.js')
  const records = await runWithProgress(program, words, `${title}: ${experiment}`)
  const html = records.find(({ type }) => type === 'page')?.['html']
  if (typeof html === 'string') showPage(experiment, html)
  const rate = records.find(({ type }) => type === 'lr-find')?.['suggested']
  if (typeof rate !== 'number') return
  const lr = Number(rate.toPrecision(2))
  const write = vscode.l10n.t('Write')
  const question = vscode.l10n.t('Write lr {0} into {1}?', lr, experiment)
  if ((await vscode.window.showInformationMessage(question, write)) !== write) return
  const file = experimentPath(workspace, experiment)
  checkSaved(file)
  await editJsonc(file, ['optimizer', 'lr'], lr)
}
