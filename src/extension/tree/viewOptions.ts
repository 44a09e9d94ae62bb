import * as vscode from 'vscode'
import { sortOrders, type TreeOptions } from './treeOptions.ts'

const key = 'tree.options'
const changed = new vscode.EventEmitter<void>()
/** The filter or the order of the experiments was changed by a command. */
export const onDidChangeViewOptions = changed.event

/** As the person left them in this workspace. */
export function viewOptions({ workspaceState }: vscode.ExtensionContext): TreeOptions {
  const { filter = '', sort = 'name' } = workspaceState.get<Partial<TreeOptions>>(key) ?? {}
  return { filter, sort: sortOrders.includes(sort) ? sort : 'name' }
}

export async function changeViewOptions(context: vscode.ExtensionContext, change: Partial<TreeOptions>): Promise<void> {
  await context.workspaceState.update(key, { ...viewOptions(context), ...change })
  changed.fire()
}
