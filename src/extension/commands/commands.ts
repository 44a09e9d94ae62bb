import * as vscode from 'vscode'
import { showFailure } from '../failure.ts'
import type { Services, Target } from '../services.ts'

/** A command gets what it was called with: a target from a view or a lens, nothing from the palette. */
export type Command = (services: Services, target: Target | undefined) => Promise<void>

/** Every command of the manifest, by its id without `foldwise.`; its code is loaded when it is first called. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  trainFold: async () => (await import('./trainFold.ts')).trainFold,
  showLog: async () => (await import('./showLog.ts')).showLog,
}

export function registerCommands(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, load]) =>
      vscode.commands.registerCommand(`foldwise.${name}`, async (argument: unknown) => {
        try {
          const command = await load()
          await command(services, targetOf(argument))
        } catch (error) {
          if (error instanceof Error && error.name === 'Dismissed') return
          // Not awaited: a test or another extension that runs the command shall not wait for the message to be read.
          void showFailure(error, services.log)
        }
      }),
    ),
  )
}

/** Tree items carry their target; lenses and messages hand one over. Anything else, as VS Code passes it, is no target. */
function targetOf(argument: unknown): Target | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined
  const { target = argument } = argument as { readonly target?: unknown }
  return typeof target === 'object' && target !== null && 'root' in target ? (target as Target) : undefined
}
