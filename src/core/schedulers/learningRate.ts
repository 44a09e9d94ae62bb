import type { ExperimentConfig } from '../experiment.ts'
import { schedulers } from './registry.ts'

/**
 * The learning rate that an experiment trains an epoch with.
 * @param epoch from 1
 * @param epochs that the schedule reckons with where its arguments leave that open
 * @throws UserError where the schedule is shorter than the run
 */
export function learningRate(
  { optimizer, scheduler, train }: ExperimentConfig,
  epoch: number,
  epochs: number = train.epochs,
): number {
  const method = schedulers.get(scheduler.name)
  return method.rate(optimizer.lr, epoch - 1, method.arguments.parse(scheduler), epochs)
}
