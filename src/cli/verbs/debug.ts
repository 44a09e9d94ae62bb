import type { Command } from 'commander'
import { debugRun } from '../../train/debugRun.ts'
import { addEngineOptions, engineRequest, wholeNumber, type EngineOptions } from '../arguments.ts'
import { exitCodes } from '../failure.ts'
import { followRun } from '../followRun.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { Interruption } from '../interruption.ts'

interface DebugOptions extends EngineOptions {
  readonly fold: number
  readonly seed?: number
}

/** `foldwise debug NAME [--fold K]`. */
export function addDebug(program: Command): void {
  const command = program
    .command('debug')
    .summary('check that an experiment can learn at all')
    .description('Trains on a few images and checks what must hold before hours are spent on a real run.')
    .argument('<NAME>', 'experiment: the name of a file in foldwise/experiments')
    .option('--fold <K>', 'number of the fold', wholeNumber(0), 0)
    .option('--seed <S>', "seed of this run (default: the experiment's)", wholeNumber(0))
    .addHelpText('after', '\nExit code 4 when a check does not hold.')
  addEngineOptions(command).action(debug)
}

async function debug(experiment: string, options: DebugOptions, command: Command): Promise<void> {
  const workspace = workspaceOf(command)
  const output = outputOf(command)
  const interruption = new Interruption(workspace, output)
  const { fold, seed = null } = options
  try {
    const events = debugRun({ workspace, experiment, fold, seed, engine: engineRequest(options) })
    const { holds } = await followRun(events, output, interruption)
    if (interruption.isAsked) process.exitCode = exitCodes.stopped
    else if (!holds) process.exitCode = exitCodes.checkFailed
    if (!output.isJson && !interruption.isAsked) output.line(holds ? 'All checks hold.' : 'A check does not hold.')
  } finally {
    interruption.close()
  }
}
