import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Services } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { experimentLens } from './experimentLens.ts'
import { standingText } from './lensTexts.ts'
import { projectDocument } from './projectDocument.ts'
import { experimentSlot } from './references.ts'

/** Names of experiments where one is expected: the JSON Schema does not know them. */
export async function provideExperimentNames(
  { projects }: Services,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<readonly vscode.CompletionItem[]> {
  const place = projectDocument(projects, document.uri)
  if (place === undefined) return []
  const { store, file } = place
  const slot = experimentSlot(document.getText(), file.kind, document.offsetAt(position))
  if (slot === undefined) return []
  await store.loaded
  const range = new vscode.Range(document.positionAt(slot.start), document.positionAt(slot.end))
  const self = file.kind === 'experiment' ? file.name : undefined
  return [...store.experimentFiles.keys()].filter((name) => name !== self).map((name) => itemOf(store, name, range))
}

function itemOf(store: ProjectStore, name: string, range: vscode.Range): vscode.CompletionItem {
  const text = JSON.stringify(name)
  const item = new vscode.CompletionItem(text, vscode.CompletionItemKind.Reference)
  const file = store.experimentFiles.get(name)
  item.detail = standingText(experimentLens(store, name))
  if (file !== undefined && !(file instanceof UserError) && file.hypothesis !== undefined)
    item.documentation = file.hypothesis
  item.range = range
  item.filterText = text
  item.insertText = text
  return item
}
