import type { Command } from 'commander'
import { parseExperiment } from '../../core/experiment.ts'
import { followsScores } from '../../core/schedulers/learningRate.ts'
import { loadExperiment } from '../../runs/experiments.ts'
import { readProject } from '../../runs/project.ts'
import { experimentSchema } from '../../train/experimentSchema.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { followsScoresNote, momentaOf, ratesOf, ratesTable } from '../output/scheduleText.ts'

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
  if (followsScores(config)) output.message(followsScoresNote)
  const { scheduler, optimizer, train } = config
  const [rates, momenta] = [ratesOf(config), momentaOf(config)]
  const record = { type: 'schedule', experiment, scheduler, lr: optimizer.lr, epochs: train.epochs, rates, momenta }
  const title = `${experiment}: ${scheduler.name}, ${optimizer.name} with lr ${optimizer.lr}`
  output.result(record, `${title}\n\n${ratesTable(rates, momenta)}`)
}
