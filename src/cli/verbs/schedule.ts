import type { Command } from 'commander'
import { parseExperiment } from '../../core/experiment.ts'
import { followsScores, learningRate } from '../../core/schedulers/learningRate.ts'
import { loadExperiment } from '../../runs/experiments.ts'
import { readProject } from '../../runs/project.ts'
import { experimentSchema } from '../../train/experimentSchema.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { bar } from '../output/bar.ts'
import { table } from '../output/table.ts'

/** Columns of the longest bar: a line stays within a terminal of 80. */
const barColumns = 48

/** `foldwise schedule [NAME]`. */
export function addSchedule(program: Command): void {
  program
    .command('schedule')
    .summary('the learning rate of every epoch of an experiment')
    .description('Shows the learning rate of every epoch as a table with bars. Reads no images, trains nothing.')
    .argument('[NAME]', 'experiment: the name of a file in foldwise/experiments (default: the baseline)')
    .action(schedule)
}

function schedule(name: string | undefined, _options: object, command: Command): void {
  const workspace = workspaceOf(command)
  const experiment = name ?? readProject(workspace).project.baseline
  const { conditions, locate } = loadExperiment(workspace, experiment)
  const config = parseExperiment(conditions, experimentSchema, locate)
  const output = outputOf(command)
  if (followsScores(config)) output.message('The rate follows the scores of validation: shown is one that never falls.')
  const { scheduler, optimizer, train } = config
  const rates = Array.from({ length: train.epochs }, (_, index) => learningRate(config, index + 1))
  const record = { type: 'schedule', experiment, scheduler, lr: optimizer.lr, epochs: train.epochs, rates }
  const title = `${experiment}: ${scheduler.name}, ${optimizer.name} with lr ${optimizer.lr}`
  output.result(record, `${title}\n\n${ratesTable(rates)}`)
}

function ratesTable(rates: readonly number[]): string {
  const highest = Math.max(...rates)
  const rows = rates.map((rate, index) => [
    String(index + 1),
    rate.toExponential(3),
    highest === 0 ? '' : bar(rate / highest, barColumns),
  ])
  return table(['epoch', 'learning rate', ''], rows)
}
