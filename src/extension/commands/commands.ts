import * as vscode from 'vscode'
import { registerComparisons } from '../compare/comparisonDocuments.ts'
import { showFailure } from '../failure.ts'
import type { Services, Target } from '../services.ts'

/** A command gets what it was called with: a target from a view or a lens, nothing from the palette. */
export type Command = (services: Services, target: Target | undefined) => Promise<void>

/**
 * Every command of the manifest, and those that only messages and the status bar call, by its id without
 * `foldwise.`; its code is loaded when it is first called.
 */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  trainFold: async () => (await import('./trainFold.ts')).trainFold,
  trainAllFolds: async () => (await import('./trainAllFolds.ts')).trainAllFolds,
  debugRun: async () => (await import('./debugRun.ts')).debugRun,
  stop: async () => (await import('./stop.ts')).stop,
  resume: async () => (await import('./resume.ts')).resume,
  trainingMenu: async () => (await import('./trainingMenu.ts')).trainingMenu,
  compareWithBaseline: async () => (await import('./compareWithBaseline.ts')).compareWithBaseline,
  setBaseline: async () => (await import('./setBaseline.ts')).setBaseline,
  newExperiment: async () => (await import('./newExperiment.ts')).newExperiment,
  initialiseProject: async () => (await import('./initialiseProject.ts')).initialiseProject,
  createSampleProject: async () => (await import('./createSampleProject.ts')).createSampleProject,
  chooseDevice: async () => (await import('./chooseDevice.ts')).chooseDevice,
  openCurves: async () => (await import('./openCurves.ts')).openCurves,
  openOverlay: async () => (await import('./openOverlay.ts')).openOverlay,
  openExperiment: async () => (await import('./openExperiment.ts')).openExperiment,
  openProjectFile: async () => (await import('./openProjectFile.ts')).openProjectFile,
  openRunRecord: async () => (await import('./openRunRecord.ts')).openRunRecord,
  revealRunFolder: async () => (await import('./revealRunFolder.ts')).revealRunFolder,
  copyRunName: async () => (await import('./copyRunName.ts')).copyRunName,
  deleteRun: async () => (await import('./deleteRun.ts')).deleteRun,
  filterRuns: async () => (await import('./filterRuns.ts')).filterRuns,
  clearFilter: async () => (await import('./clearFilter.ts')).clearFilter,
  sortRuns: async () => (await import('./sortRuns.ts')).sortRuns,
  showQueue: async () => (await import('./showQueue.ts')).showQueue,
  showLog: async () => (await import('./showLog.ts')).showLog,
}

export function registerCommands(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    registerComparisons(services),
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
