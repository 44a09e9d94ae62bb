import { existsSync } from 'node:fs'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { pathInside } from '../../runs/containment.ts'
import { experimentPath } from '../../runs/experiments.ts'
import type { Services } from '../services.ts'
import { experimentTooltip } from '../tree/experimentTooltip.ts'
import { ProjectTree } from '../tree/projectTree.ts'
import { literal } from './literal.ts'
import { projectDocument, type ProjectDocument } from './projectDocument.ts'
import { revealCommand } from './revealCommand.ts'
import { references, type Reference } from './references.ts'
import { writtenConditions } from './writtenConditions.ts'

/** Shows a folder of a project in the explorer. */
export async function revealFolder({ projects }: Services, path: unknown): Promise<void> {
  if (typeof path !== 'string' || projects.of(vscode.Uri.file(path)) === undefined) return
  await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(path))
}

/** From the name of an experiment to its file. */
export function provideDefinition(
  { projects }: Services,
  document: vscode.TextDocument,
  position: vscode.Position,
): readonly vscode.LocationLink[] {
  const found = experimentAt(projectDocument(projects, document.uri), document, position)
  if (found === undefined) return []
  const { place, reference, range } = found
  const path = existing(() => experimentPath(place.store.workspace, reference.value))
  if (path === undefined) return []
  const start = new vscode.Range(0, 0, 0, 0)
  return [{ originSelectionRange: range, targetUri: vscode.Uri.file(path), targetRange: start }]
}

/** What an experiment that is named here tries, how it scores and what it changes. */
export async function provideExperimentHover(
  { projects }: Services,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const found = experimentAt(projectDocument(projects, document.uri), document, position)
  if (found === undefined) return undefined
  const { place, reference, range } = found
  await place.store.loaded
  if (!place.store.experimentFiles.has(reference.value)) return undefined
  const tree = new ProjectTree(place.store)
  const text = experimentTooltip(tree, reference.value)
  const file = tree.file(reference.value)
  // What another changes is said against the baseline; of the baseline, what it consists of.
  if (reference.value === tree.baseline && file !== undefined && !(file instanceof UserError))
    text.appendMarkdown(
      `\n\n${writtenConditions(file)
        .map((line) => `- ${literal(line)}`)
        .join('\n')}`,
    )
  return new vscode.Hover(text, range)
}

/** From the data set's folders to the explorer. */
export function provideFolderLinks({ projects }: Services, document: vscode.TextDocument): vscode.DocumentLink[] {
  const place = projectDocument(projects, document.uri)
  if (place === undefined) return []
  return references(document.getText(), place.file.kind)
    .filter(({ names }) => names === 'folder')
    .flatMap(({ value, start, end }) => {
      const path = existing(() => pathInside(place.store.workspace.root, value))
      if (path === undefined) return []
      const range = new vscode.Range(document.positionAt(start + 1), document.positionAt(end - 1))
      const link = new vscode.DocumentLink(
        range,
        vscode.Uri.parse(`command:${revealCommand}?${encodeURIComponent(JSON.stringify([path]))}`),
      )
      link.tooltip = vscode.l10n.t('Show in Explorer')
      return [link]
    })
}

interface ExperimentAt {
  readonly place: ProjectDocument
  readonly reference: Reference
  readonly range: vscode.Range
}

function experimentAt(
  place: ProjectDocument | undefined,
  document: vscode.TextDocument,
  position: vscode.Position,
): ExperimentAt | undefined {
  if (place === undefined) return undefined
  const offset = document.offsetAt(position)
  const reference = references(document.getText(), place.file.kind).find(
    ({ names, start, end }) => names === 'experiment' && start <= offset && offset <= end,
  )
  if (reference === undefined) return undefined
  const range = new vscode.Range(document.positionAt(reference.start), document.positionAt(reference.end))
  return { place, reference, range }
}

/** undefined for what is not there, or may not be called so. */
function existing(pathOf: () => string): string | undefined {
  try {
    const path = pathOf()
    return existsSync(path) ? path : undefined
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
