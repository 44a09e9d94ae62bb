import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Services } from '../services.ts'
import { projectDocument } from './projectDocument.ts'

/** On the line of `scheduler`: its picture, of the text as it stands. Nothing where it is not right yet: the checks say why. */
export async function provideScheduleHover(
  { projects, assistant }: Services,
  document: vscode.TextDocument,
  { line }: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const place = projectDocument(projects, document.uri)
  const { text, range } = document.lineAt(line)
  if (place?.file.kind !== 'experiment' || !text.includes('"scheduler"')) return undefined
  try {
    const { root } = place.store.workspace
    const question = { type: 'schedule', root, experiment: place.file.name, text: document.getText() } as const
    const markdown = new vscode.MarkdownString((await assistant.ask<'schedule'>(question)).markdown)
    markdown.supportHtml = true
    return new vscode.Hover(markdown, range)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
