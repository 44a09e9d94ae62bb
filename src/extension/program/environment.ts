import * as vscode from 'vscode'

/** What the settings tell the program beside its arguments: variables of its environment. */
export function programEnvironment(): Readonly<Record<string, string>> {
  const folder = vscode.workspace.getConfiguration('foldwise').get<string>('tensorflow.path', '')
  return folder === '' ? {} : { FOLDWISE_TENSORFLOW: folder }
}
