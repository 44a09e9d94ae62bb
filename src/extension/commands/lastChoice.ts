import type { ExtensionContext } from 'vscode'

/** Names in their order, but the one that was chosen last comes first. @param question what was asked, e.g. `fold` */
export function lastFirst(context: ExtensionContext, question: string, names: readonly string[]): readonly string[] {
  const last = lastChoice(context, question)
  return last === undefined || !names.includes(last) ? names : [last, ...names.filter((name) => name !== last)]
}

/** What was chosen last, or typed; undefined before the first time. */
export function lastChoice({ workspaceState }: ExtensionContext, question: string): string | undefined {
  return workspaceState.get<string>(keyOf(question))
}

export async function remember({ workspaceState }: ExtensionContext, question: string, answer: string): Promise<void> {
  await workspaceState.update(keyOf(question), answer)
}

function keyOf(question: string): string {
  return `last.${question}`
}
