import * as vscode from 'vscode'
import { createExperiment } from '../../runs/experiments.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { checkTrust, chooseProject } from './choose.ts'
import type { Command } from './command.ts'
import { askExperiment } from './experimentQuestion.ts'
import { nameProblem } from './experimentNames.ts'
import { askInSteps, typeInStep, type Step } from './steps.ts'

/** "New Experiment From…": parent → name → hypothesis; writes the file and opens it where the change belongs. */
export const newExperiment: Command = async (services, target) => {
  checkTrust()
  const store = await chooseProject(services, target)
  let parent = target?.experiment
  let name = ''
  let hypothesis = ''
  const questions: ((step: Step) => Promise<void>)[] = [
    async (step) => {
      name = await askName(store, parent!, name, step)
    },
    async (step) => {
      hypothesis = await askHypothesis(name, hypothesis, step)
    },
  ]
  if (parent === undefined)
    questions.unshift(async (step) => {
      const question = vscode.l10n.t('From which experiment shall the new one differ?')
      parent = await askExperiment(services, store, step, question)
    })
  await askInSteps(vscode.l10n.t('New Experiment'), questions)
  await open(await write(store, parent!, name, hypothesis.trim()))
}

async function askName(store: ProjectStore, parent: string, before: string, step: Step): Promise<string> {
  const existing = store.experiments()
  const prompt = vscode.l10n.t('Name of the experiment that extends {0}', parent)
  return typeInStep(step, prompt, { value: before, placeholder: vscode.l10n.t('for example: cutout') }, (name) => {
    const problem = nameProblem(name, existing)
    switch (problem) {
      case undefined:
        return undefined
      case 'empty':
        return vscode.l10n.t('Runs and results will carry this name.')
      case 'characters':
        return vscode.l10n.t('Letters, digits, "_" and "-" only, up to 80, and no device name of Windows.')
      case 'exists':
        return vscode.l10n.t('There is an experiment of this name already.')
      case 'debug':
        return vscode.l10n.t('Names that end in "-debug" belong to debug runs.')
      default:
        return problem satisfies never
    }
  })
}

async function askHypothesis(name: string, before: string, step: Step): Promise<string> {
  const prompt = vscode.l10n.t('What do you expect of {0}, and why? Press Enter to leave it out.', name)
  const placeholder = vscode.l10n.t('for example: hiding parts of objects helps small classes')
  return typeInStep(step, prompt, { value: before, placeholder }, () => undefined)
}

async function write({ workspace }: ProjectStore, parent: string, name: string, hypothesis: string): Promise<string> {
  const sections = 'model, loss, optimizer, scheduler, augment, mix, data, train'
  const comments = {
    '': [
      vscode.l10n.t('Everything that is not said here comes from "{0}". Change one condition at a time:', parent),
      vscode.l10n.t('{0}. Objects merge key by key, lists replace.', sections),
    ].join('\n'),
    hypothesis: vscode.l10n.t('What this change is expected to do, and why.'),
  }
  const experiment = { extends: parent, ...(hypothesis === '' ? {} : { hypothesis }) }
  return createExperiment(workspace, name, experiment, comments)
}

/** The cursor stands behind the last key: a comma, and the change. */
async function open(file: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file))
  const last = document.lineAt(Math.max(0, document.getText().trimEnd().split('\n').length - 2))
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(last.range.end, last.range.end) })
}
