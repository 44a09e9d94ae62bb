import { basename } from 'node:path'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'

/** @throws UserError where a file that is about to be written has unsaved changes in an editor */
export function checkSaved(file: string): void {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file)
  if (document?.isDirty !== true) return
  throw new UserError(vscode.l10n.t('{0} has unsaved changes: they would be lost.', basename(file)), {
    file,
    line: 1,
    hint: vscode.l10n.t('Save or revert it first.'),
    code: 'unsaved',
  })
}
