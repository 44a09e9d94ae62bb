import { InvalidArgumentError, type Command } from 'commander'
import { debugChecks, type DebugCheckId } from '../../protocol/debugChecks.ts'
import { debugRun, type DebugOutcome } from '../../train/debugRun.ts'
import {
  addEngineOptions,
  addMemoryOption,
  engineRequest,
  memoryRequest,
  wholeNumber,
  type EngineOptions,
  type MemoryOptions,
} from '../arguments.ts'
import { exitCodes } from '../failure.ts'
import { followRun } from '../followRun.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { Interruption } from '../interruption.ts'
import type { Output } from '../output/output.ts'

interface DebugOptions extends EngineOptions, MemoryOptions {
  readonly fold: number
  readonly seed?: number
  readonly check?: readonly DebugCheckId[]
}

const idColumns = Math.max(...debugChecks.map(({ id }) => id.length))
const checksHelp = debugChecks.map(({ id, description }) => `  ${id.padEnd(idColumns)}  ${description}`).join('\n')

/** `foldwise debug NAME [--fold K] [--check ID…]`. */
export function addDebug(program: Command): void {
  const command = program
    .command('debug')
    .summary('check that an experiment can learn at all')
    .description('Trains on a few images and checks what must hold before hours are spent on a real run.')
    .argument('<NAME>', 'experiment: the name of a file in foldwise/experiments')
    .option('--fold <K>', 'number of the fold', wholeNumber(0), 0)
    .option('--seed <S>', "seed of this run (default: the experiment's)", wholeNumber(0))
    .option('--check <ID>', 'only this check; may be given several times (default: all)', checkIds)
    .addHelpText('after', `\nChecks:\n${checksHelp}\n\nExit code 4 when a check does not hold.`)
  addMemoryOption(addEngineOptions(command)).action(debug)
}

/** Gathers the ids of a repeated `--check`. */
function checkIds(text: string, before: readonly DebugCheckId[] = []): readonly DebugCheckId[] {
  const check = debugChecks.find(({ id }) => id === text)
  if (check === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${debugChecks.map(({ id }) => id).join(', ')}.`)
  return [...before, check.id]
}

async function debug(experiment: string, options: DebugOptions, command: Command): Promise<void> {
  const workspace = workspaceOf(command)
  const output = outputOf(command)
  const interruption = new Interruption(workspace, output)
  const { fold, seed = null, check: checks } = options
  try {
    const how = { engine: engineRequest(options), ...memoryRequest(options) }
    const events = debugRun({ workspace, experiment, fold, seed, checks, ...how })
    conclude(await followRun(events, output, interruption), output)
  } finally {
    interruption.close()
  }
}

function conclude({ state, verdicts }: DebugOutcome, output: Output): void {
  const failed = verdicts.filter((verdict) => verdict === 'fail').length
  if (state === 'stopped') process.exitCode = exitCodes.stopped
  else if (failed > 0) process.exitCode = exitCodes.checkFailed
  if (output.isJson || state === 'stopped') return
  if (failed > 0) output.line(failed === 1 ? 'A check does not hold.' : `${failed} checks do not hold.`)
  else output.line(verdicts.includes('unclear') ? 'No check failed.' : 'All checks hold.')
}
