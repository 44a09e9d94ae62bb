import * as vscode from 'vscode'
import { pathInside } from '../../runs/containment.ts'
import { editJsonc } from '../../runs/jsoncEdit.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { checkTrust, chooseProject } from './choose.ts'
import type { Command } from './command.ts'
import { askExperiment } from './experimentQuestion.ts'
import { checkSaved } from './unsaved.ts'

/** "Set Baseline…": writes it into project.jsonc, whose comments stay. */
export const setBaseline: Command = async (services, target) => {
  checkTrust()
  const store = await chooseProject(services, target)
  const title = vscode.l10n.t('Set Baseline')
  const { baseline } = store.project()
  const experiment = target?.experiment ?? (await chooseOther())
  if (experiment === baseline) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} is the baseline already.', experiment))
    return
  }
  await write(store, experiment)
  const isTrained = [...store.results.values()].some((result) => result.experiment === experiment)
  const message = isTrained
    ? vscode.l10n.t('{0} is the baseline now: all results are compared with it.', experiment)
    : vscode.l10n.t('{0} is the baseline now. It has no results yet: train it to see differences.', experiment)
  void vscode.window.showInformationMessage(message)

  async function chooseOther(): Promise<string> {
    const step = { title, step: 1, totalSteps: 1, canGoBack: false }
    const question = vscode.l10n.t('Which experiment shall all others be measured against?')
    return askExperiment(services, store, step, question, (name) => name !== baseline)
  }
}

async function write({ workspace: { root } }: ProjectStore, experiment: string): Promise<void> {
  const file = pathInside(root, 'foldwise', 'project.jsonc')
  checkSaved(file)
  await editJsonc(file, ['baseline'], experiment)
}
