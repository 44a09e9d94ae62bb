import * as vscode from 'vscode'
import { changeViewOptions, viewOptions } from '../tree/viewOptions.ts'
import type { Command } from './command.ts'

/** The tree follows the typing, but not every key of it. */
const pauseMilliseconds = 150

/** "Filter Runs…": the tree shows what is left while the person types; Escape brings back what was. */
export const filterRuns: Command = async ({ context }) => {
  const before = viewOptions(context).filter
  const input = vscode.window.createInputBox()
  input.title = vscode.l10n.t('Filter Runs')
  input.prompt = vscode.l10n.t('Words of the name, tags, changed conditions or state; all must be found.')
  input.placeholder = vscode.l10n.t('e.g. cutout failed')
  input.value = before
  const apply = (filter: string): Promise<void> => changeViewOptions(context, { filter: filter.trim() })
  let pause: NodeJS.Timeout | undefined
  input.onDidChangeValue((value) => {
    clearTimeout(pause)
    pause = setTimeout(() => void apply(value), pauseMilliseconds)
  })
  const filter = await new Promise<string>((resolve) => {
    input.onDidAccept(() => {
      resolve(input.value)
    })
    input.onDidHide(() => {
      resolve(before)
    })
    input.show()
  })
  clearTimeout(pause)
  input.dispose()
  await apply(filter)
  await vscode.commands.executeCommand('foldwise.runs.focus')
}
