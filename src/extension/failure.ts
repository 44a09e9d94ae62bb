import * as vscode from 'vscode'
import { UserError, describeUserError } from '../core/errors.ts'

/** Shows what went wrong once, in words; a mistake in a file can be opened where it stands. */
export async function showFailure(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  if (error instanceof UserError) {
    log.warn(describeUserError(error))
    await showUserError(error)
    return
  }
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const show = vscode.l10n.t('Show Log')
  const message = error instanceof Error ? error.message : String(error)
  const chosen = await vscode.window.showErrorMessage(vscode.l10n.t('Foldwise has a bug: {0}', message), show)
  if (chosen === show) log.show()
}

async function showUserError(error: UserError): Promise<void> {
  const { file, line, hint, value, allowed } = error.details
  const isFile = file !== undefined && line !== undefined
  const place = isFile ? `${vscode.workspace.asRelativePath(file)}:${line} ` : ''
  const parts = [
    `${place}${error.message}`,
    value === undefined ? '' : `(${typeof value === 'string' ? value : JSON.stringify(value)})`,
    allowed === undefined || line !== undefined
      ? ''
      : vscode.l10n.t('Allowed: {0}.', typeof allowed === 'string' ? allowed : allowed.slice(0, 8).join(', ')),
    hint ?? '',
  ]
  const open = vscode.l10n.t('Open File')
  const message = parts.filter((part) => part !== '').join(' ')
  const chosen = await vscode.window.showErrorMessage(message, ...(isFile ? [open] : []))
  if (chosen !== open || !isFile) return
  const position = new vscode.Position(line - 1, 0)
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(position, position) })
}
