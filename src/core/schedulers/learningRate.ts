import type { ExperimentConfig, NamedArguments } from '../experiment.ts'
import { schedulers } from './registry.ts'
import type { EpochScores } from './scheduler.ts'

/**
 * The learning rate that an experiment trains an epoch with.
 * @param epoch from 1
 * @param epochs that the schedule reckons with where its arguments leave that open
 * @param scores of the epochs before it, from the first; without them a rate that follows scores never falls
 * @throws UserError where the schedule is shorter than the run
 */
export function learningRate(
  { optimizer, scheduler, train }: ExperimentConfig,
  epoch: number,
  epochs: number = train.epochs,
  scores: readonly EpochScores[] = [],
): number {
  const method = schedulers.get(scheduler.name)
  return method.rate(optimizer.lr, epoch - 1, method.arguments.parse(scheduler), epochs, scores)
}

/** Whether the learning rate depends on what validation gives. */
export function followsScores({ scheduler }: ExperimentConfig): boolean {
  const { name: after } = (scheduler['after'] ?? scheduler) as NamedArguments
  return [scheduler.name, after].some((name) => schedulers.get(name).followsScores === true)
}
