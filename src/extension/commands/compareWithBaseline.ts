import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { comparisonUri } from '../compare/comparisonDocuments.ts'
import type { Services } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { chooseProject, Dismissed } from './choose.ts'
import type { Command } from './command.ts'
import { lastFirst } from './lastChoice.ts'
import { knownOf, standingText } from './projectStanding.ts'
import { standingOf } from './standing.ts'

/** "Compare With Baseline…": a document with scores, paired differences, classes and conditions that follows the results. */
export const compareWithBaseline: Command = async (services, target) => {
  const store = await chooseProject(services, target)
  const meant = target?.experiment
  const isMeant = meant !== undefined && meant !== store.project().baseline
  const experiments = isMeant ? [meant] : await chooseCompared(services, store)
  const uri = comparisonUri({ root: store.workspace.root, experiments })
  const hasPreview = vscode.extensions.getExtension('vscode.markdown-language-features') !== undefined
  if (hasPreview) await vscode.commands.executeCommand('markdown.showPreview', uri)
  else await vscode.window.showTextDocument(uri, { preview: true })
}

/** Experiments with results, all of them where there is one. @throws UserError where there is none  @throws Dismissed */
async function chooseCompared(services: Services, store: ProjectStore): Promise<readonly string[]> {
  const known = await knownOf(services, store)
  const { baseline } = store.project()
  const trained = new Set([...store.results.values()].map(({ experiment }) => experiment))
  const names = [...trained].filter((name) => name !== baseline).sort()
  if (names.length === 0)
    throw new UserError(vscode.l10n.t('No experiment beside the baseline "{0}" has results yet.', baseline), {
      hint: vscode.l10n.t('Train one with "Foldwise: Train Fold".'),
      code: 'no-results',
    })
  if (names.length === 1) return names
  const items = lastFirst(services.context, 'experiment', names).map((label, index) => ({
    label,
    description: standingText(standingOf(known, { experiment: label }), known.metric),
    picked: index === 0,
  }))
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Compare With Baseline'),
    placeHolder: vscode.l10n.t('Which experiments? Space or click to choose several.'),
    canPickMany: true,
    matchOnDescription: true,
  })
  if (chosen === undefined || chosen.length === 0) throw new Dismissed()
  return chosen.map(({ label }) => label)
}
