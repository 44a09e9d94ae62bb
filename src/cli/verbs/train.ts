import { relative } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../core/errors.ts'
import type { Workspace } from '../../runs/workspace.ts'
import type { RunOutcome } from '../../train/train.ts'
import { resumeRun, trainFold } from '../../train/trainFold.ts'
import {
  addEngineOptions,
  addMemoryOption,
  engineRequest,
  foldNumber,
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
import { scoreText } from '../output/scores.ts'
import { projectFolds } from '../projectFolds.ts'

interface TrainOptions extends EngineOptions, MemoryOptions {
  readonly fold?: number | 'all'
  readonly seed?: number
  readonly resume?: string
}

/** `foldwise train NAME --fold K|all` and `foldwise train --resume RUN`. */
export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train an experiment on one fold or all')
    .description('Trains an experiment on one fold or on all, one after another; or goes on with a run that stopped.')
    .argument('[NAME]', 'experiment: the name of a file in foldwise/experiments')
    .option('--fold <K>', 'number of the fold, or all', foldNumber)
    .option('--seed <S>', "seed of this run (default: the experiment's)", wholeNumber(0))
    .option('--resume <RUN>', 'go on with this run exactly where it stopped')
    .addHelpText('after', '\nCtrl-C stops after the current step with a checkpoint (exit code 3).')
  addMemoryOption(addEngineOptions(command)).action(train)
}

async function train(name: string | undefined, options: TrainOptions, command: Command): Promise<void> {
  checkUsage(name, options)
  const workspace = workspaceOf(command)
  const output = outputOf(command)
  const interruption = new Interruption(workspace, output)
  const how = { engine: engineRequest(options), ...memoryRequest(options) }
  try {
    if (options.resume !== undefined) {
      const events = resumeRun({ workspace, run: options.resume, ...how })
      conclude(await followRun(events, output, interruption), workspace, output)
      return
    }
    const folds =
      options.fold === 'all' ? (await projectFolds(workspace)).folds.map((_, fold) => fold) : [options.fold!]
    for (const fold of folds) {
      const events = trainFold({ workspace, experiment: name!, fold, seed: options.seed ?? null, ...how })
      conclude(await followRun(events, output, interruption), workspace, output)
      if (interruption.isAsked || process.exitCode === exitCodes.stopped) break
    }
  } finally {
    interruption.close()
  }
}

/** Says how a run ended; its events have said it already where they are shown. */
function conclude({ run, path, state, best }: RunOutcome, { root }: Workspace, output: Output): void {
  if (state === 'stopped') process.exitCode = exitCodes.stopped
  if (output.isJson) return
  if (state === 'stopped') output.message(`Go on with: foldwise train --resume ${run}`)
  else if (best !== null)
    output.line(`best ${best.metric} ${scoreText(best.value)} in epoch ${best.epoch}: ${relative(root, path)}`)
}

function checkUsage(name: string | undefined, { fold, seed, resume }: TrainOptions): void {
  const isResume = resume !== undefined
  if (isResume && (name !== undefined || fold !== undefined || seed !== undefined)) {
    throw new UserError('--resume goes on with a run as it was begun: no experiment, fold or seed beside it', {
      code: 'usage',
      hint: `foldwise train --resume ${resume}`,
    })
  }
  if (!isResume && (name === undefined || fold === undefined)) {
    throw new UserError(name === undefined ? 'which experiment shall be trained?' : 'which fold shall be trained?', {
      code: 'usage',
      hint: `foldwise train ${name ?? 'NAME'} --fold 0, or --fold all`,
    })
  }
}
