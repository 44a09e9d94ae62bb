import { existsSync } from 'node:fs'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Problem } from '../../protocol/questions.ts'
import { experimentPath } from '../../runs/experiments.ts'
import type { Services } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { rangeOf, source, type Checks } from './checks.ts'
import { projectDocument } from './projectDocument.ts'
import { references } from './references.ts'

/** Right values for wrong ones, and the experiment that a name is missing. */
export function provideQuickFixes(
  { projects }: Services,
  checks: Checks,
  document: vscode.TextDocument,
  range: vscode.Range,
  { diagnostics }: vscode.CodeActionContext,
): readonly vscode.CodeAction[] {
  const place = projectDocument(projects, document.uri)
  if (place === undefined) return []
  const replacements = checks
    .problemsAt(document, range)
    .flatMap((problem) => replacementsOf(document, problem, diagnostics))
  const missing = references(document.getText(), place.file.kind)
    .filter(({ names }) => names === 'experiment')
    .filter(({ start, end }) => rangeIn(document, start, end).intersection(range) !== undefined)
    .flatMap(({ value, start, end }) =>
      creationOf(place.store, value, near(diagnostics, rangeIn(document, start, end))),
    )
  return [...replacements, ...missing]
}

/** The nearest value is the one that "Auto Fix" takes. */
function replacementsOf(
  document: vscode.TextDocument,
  problem: Problem,
  diagnostics: readonly vscode.Diagnostic[],
): readonly vscode.CodeAction[] {
  const range = rangeOf(problem)
  return problem.replacements.map((text, index) => {
    const title = vscode.l10n.t('Replace with {0}', text.length > 60 ? `${text.slice(0, 59)}…` : text)
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix)
    action.edit = new vscode.WorkspaceEdit()
    action.edit.replace(document.uri, range, text)
    action.diagnostics = near(diagnostics, range)
    action.isPreferred = index === 0
    return action
  })
}

/** Nothing where there is such an experiment, it cannot be called so, or nothing may be written. */
function creationOf(
  { workspace }: ProjectStore,
  name: string,
  diagnostics: vscode.Diagnostic[],
): readonly vscode.CodeAction[] {
  const path = pathOf(workspace, name)
  if (path === undefined || existsSync(path) || !vscode.workspace.isTrusted) return []
  const uri = vscode.Uri.file(path)
  const title = vscode.l10n.t('Create experiment "{0}"', name)
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix)
  action.edit = new vscode.WorkspaceEdit()
  action.edit.createFile(uri, { ignoreIfExists: true, contents: Buffer.from('{\n  "hypothesis": ""\n}\n') })
  action.command = { command: 'vscode.open', title, arguments: [uri] }
  action.diagnostics = diagnostics
  return [action]
}

function pathOf(workspace: ProjectStore['workspace'], name: string): string | undefined {
  try {
    return experimentPath(workspace, name)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** What the person sees at this place: ours, or what VS Code's own validation says of the same mistake. */
function near(diagnostics: readonly vscode.Diagnostic[], range: vscode.Range): vscode.Diagnostic[] {
  const touching = diagnostics.filter((each) => each.range.intersection(range) !== undefined)
  const own = touching.filter((each) => each.source === source)
  return own.length > 0 ? own : touching
}

function rangeIn(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end))
}
