import { InvalidArgumentError, Option, type Command } from 'commander'
import { UserError } from '../../core/errors.ts'
import type { RangeStep } from '../../core/learningRateRange.ts'
import { findLearningRate, type FoundRate, type RangeRequest } from '../../train/learningRateFinder.ts'
import { planRun, type RunPlan } from '../../train/runPlan.ts'
import {
  addEngineOptions,
  addMemoryOption,
  engineRequest,
  memoryRequest,
  wholeNumber,
  type EngineOptions,
  type MemoryOptions,
} from '../arguments.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import type { Output } from '../output/output.ts'
import { rangePage, rangeTable, suggestionText } from '../output/rangeText.ts'

interface RangeOptions extends EngineOptions, MemoryOptions {
  readonly fold: number
  readonly seed?: number
  readonly min: number
  readonly max: number
  readonly steps: number
  readonly page?: boolean
}

/** Steps between two messages about how far it is. */
const messageSteps = 10

/** `foldwise lr-find NAME`. */
export function addLrFind(program: Command): void {
  const command = program
    .command('lr-find')
    .summary('which learning rate an experiment bears')
    .description(
      'Learning-rate range test (Smith 2017): trains from the initial weights with a rate that grows in every optimizer step, until the loss diverges, and suggests the rate at which it falls steepest. Writes nothing.',
    )
    .argument('<NAME>', 'experiment: the name of a file in foldwise/experiments')
    .option('--fold <K>', 'number of the fold whose images are used', wholeNumber(0), 0)
    .option('--seed <S>', "seed (default: the experiment's)", wholeNumber(0))
    .option('--min <LR>', 'rate of the first step', positive, 1e-7)
    .option('--max <LR>', 'rate of the last step', positive, 10)
    .option('--steps <N>', 'optimizer steps from the first rate to the last', wholeNumber(20), 100)
    .addOption(new Option('--page', 'with --json: also the curve as an HTML page').hideHelp())
    .addHelpText(
      'after',
      '\nThe suggestion is a place to start from: for the peak of a schedule, rather take it than a higher one.',
    )
  addMemoryOption(addEngineOptions(command)).action(lrFind)
}

function positive(value: string): number {
  const number = Number(value)
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('Give a number above 0.')
  return number
}

async function lrFind(experiment: string, options: RangeOptions, command: Command): Promise<void> {
  const { fold, seed = null, min, max, steps } = options
  if (min >= max)
    throw new UserError('The rate of the last step is to be higher than that of the first.', {
      value: `--min ${min} --max ${max}`,
      code: 'range',
    })
  const output = outputOf(command)
  const plan = await planRun(workspaceOf(command), experiment, fold, seed)
  output.warnings(plan.warnings)
  const request = { ...engineRequest(options), ...memoryRequest(options), first: min, last: max, steps }
  const found = await swept(plan, request, output)
  const { lr } = plan.config.optimizer
  const { isDiverged, suggested = null } = found
  const record = {
    type: 'lr-find',
    experiment,
    fold,
    seed: plan.seed,
    lr,
    suggested,
    isDiverged,
    steps: found.range.length,
  }
  const title = `${experiment}, fold ${fold}: ${plan.config.optimizer.name}`
  output.result(record, [title, '', rangeTable(found.range), '', suggestionText(found, lr)].join('\n'))
  if (output.isJson && options.page === true) output.record({ type: 'page', html: rangePage(title, found, lr) })
}

async function swept(plan: RunPlan, request: RangeRequest, output: Output): Promise<FoundRate> {
  const steps = findLearningRate(plan, request)
  output.message(`training up to ${request.steps} steps, from rate ${request.first} to ${request.last} …`)
  for (let step = 1; ; step++) {
    const next = await steps.next()
    if (next.done === true) return next.value
    if (output.isJson) output.record(stepRecord(step, next.value))
    else if (step % messageSteps === 0) output.message(`step ${step}, rate ${next.value.lr.toExponential(1)} …`)
  }
}

function stepRecord(step: number, { lr, loss, smoothed }: RangeStep) {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
  return { type: 'lr-find-step', step, lr, loss: finite(loss), smoothed: finite(smoothed) }
}
