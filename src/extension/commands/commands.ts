import * as vscode from 'vscode'
import { registerComparisons } from '../compare/comparisonDocuments.ts'
import { showFailure } from '../failure.ts'
import type { Services, Target } from '../services.ts'

/** Called by messages and the status bar; not in the manifest. */
const internalCommands = ['foldwise.trainingMenu']

export function registerCommands(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    registerComparisons(services),
    ...[...manifestCommands(services), ...internalCommands].map((id) =>
      vscode.commands.registerCommand(id, async (argument: unknown) => {
        try {
          // Loaded by the first command that is called: activation needs none of them.
          const { palette } = await import('./palette.ts')
          await palette[id.slice('foldwise.'.length)](services, targetOf(argument))
        } catch (error) {
          if (error instanceof Error && error.name === 'Dismissed') return
          // Not awaited: a test or another extension that runs the command shall not wait for the message to be read.
          void showFailure(error, services.log)
        }
      }),
    ),
  )
}

function manifestCommands({ context }: Services): readonly string[] {
  const { contributes } = context.extension.packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] }
  }
  return contributes.commands.map(({ command }) => command)
}

/** Tree items carry their target; lenses and messages hand one over. Anything else, as VS Code passes it, is no target. */
function targetOf(argument: unknown): Target | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined
  const { target = argument } = argument as { readonly target?: unknown }
  return typeof target === 'object' && target !== null && 'root' in target ? (target as Target) : undefined
}
