import type { Command } from 'commander'
import { findWorkspace, openWorkspace, type Workspace } from '../runs/workspace.ts'
import { Output } from './output/output.ts'

interface GlobalOptions {
  readonly project?: string
  readonly json?: boolean
  readonly verbose?: boolean
}

/** Gives every verb the options that all have. */
export function addGlobalOptions(program: Command): void {
  program
    .option('--project <DIR>', 'folder of the project (default: the nearest one upwards with foldwise/project.jsonc)')
    .option('--json', 'results and events as one JSON object per line on stdout')
    .option('--verbose', 'show where an error happened')
}

function globalOptions(command: Command): GlobalOptions {
  return command.optsWithGlobals()
}

/** @throws UserError `no-project` */
export function workspaceOf(command: Command): Workspace {
  const { project } = globalOptions(command)
  return project === undefined ? findWorkspace(process.cwd()) : openWorkspace(project)
}

let output: Output | undefined

/** The program's one output: it remembers what was shown. */
export function outputOf(command: Command): Output {
  output ??= new Output(globalOptions(command).json === true)
  return output
}

export function isVerbose(command: Command): boolean {
  return globalOptions(command).verbose === true
}
