import type { ExperimentConfig, NamedArguments } from '../experiment.ts'
import { schedulers } from './registry.ts'
import type { EpochScores } from './scheduler.ts'

/**
 * The learning rate that an experiment trains an epoch with.
 * @param epoch from 1
 * @param epochs that the schedule reckons with where its arguments leave that open
 * @param scores of the epochs before it, from the first; without them a rate that follows scores never falls
 * @param factor of the base rate, for a group of parameters that has its own
 * @throws UserError where the schedule is shorter than the run
 */
export function learningRate(
  { optimizer, scheduler, train }: ExperimentConfig,
  epoch: number,
  epochs: number = train.epochs,
  scores: readonly EpochScores[] = [],
  factor = 1,
): number {
  const method = schedulers.get(scheduler.name)
  const args = method.arguments.parse(scheduler)
  const own = factor === 1 ? args : (method.scaled?.(args, factor) ?? args)
  return method.rate(optimizer.lr * factor, epoch - 1, own, epochs, scores)
}

/**
 * Momentum (or β₁) that the schedule gives an epoch; undefined where it stays the optimizer's.
 * @param epoch from 1
 */
export function scheduledMomentum(
  { scheduler, train }: ExperimentConfig,
  epoch: number,
  epochs: number = train.epochs,
): number | undefined {
  const cycle = (scheduler['after'] ?? scheduler) as NamedArguments
  // Runs that were recorded before there was a choice left it as it was.
  if (cycle['cycle_momentum'] === undefined) return undefined
  const method = schedulers.get(scheduler.name)
  return method.momentum?.(epoch - 1, method.arguments.parse(scheduler), epochs)
}

/** Whether the learning rate depends on what validation gives. */
export function followsScores({ scheduler }: ExperimentConfig): boolean {
  const { name: after } = (scheduler['after'] ?? scheduler) as NamedArguments
  return [scheduler.name, after].some((name) => schedulers.get(name).followsScores === true)
}
