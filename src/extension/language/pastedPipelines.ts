import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Services } from '../services.ts'

/** `A.Compose([...])` pasted into an experiment becomes its `augment`; who wants the text as it was takes it from the paste menu. */
export async function providePastedPipelines(
  { assistant }: Services,
  document: vscode.TextDocument,
  [range]: readonly vscode.Range[],
  data: vscode.DataTransfer,
  kind: vscode.DocumentDropOrPasteEditKind,
  token: vscode.CancellationToken,
): Promise<vscode.DocumentPasteEdit[]> {
  const pasted = await data.get('text/plain')?.asString()
  if (pasted === undefined || !/\bCompose\s*\(|"__class_fullname__"/.test(pasted)) return []
  try {
    const offset = document.offsetAt(range.start)
    const { insert } = await assistant.ask<'import'>({ type: 'import', pasted, document: document.getText(), offset })
    if (token.isCancellationRequested) return []
    return [new vscode.DocumentPasteEdit(insert, vscode.l10n.t('Convert the Albumentations pipeline'), kind)]
  } catch (error) {
    // What cannot be read is pasted as it is.
    if (error instanceof UserError) return []
    throw error
  }
}
