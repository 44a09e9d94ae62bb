import { learningRate, scheduledMomentum } from '../core/schedulers/learningRate.ts'
import type { EpochScores } from '../core/schedulers/scheduler.ts'
import type { RunPlan } from './runPlan.ts'
import type { StepRates } from './updatePlan.ts'

/** What the schedule gives the steps of an epoch. */
export interface EpochRates {
  readonly lr: number
  /** The first step of the epoch comes from the momentum of the epoch before. */
  readonly first: StepRates
  readonly others: StepRates
}

/** @param epoch from 1  @param scores of the epochs before it */
export function ratesAt(
  { config, scheduleEpochs }: Pick<RunPlan, 'config' | 'scheduleEpochs'>,
  epoch: number,
  scores: readonly EpochScores[],
): EpochRates {
  const lrOf = (factor: number): number => learningRate(config, epoch, scheduleEpochs, scores, factor)
  const lr = lrOf(1)
  const momentumOf = (each: number): number | undefined => scheduledMomentum(config, each, scheduleEpochs)
  const now = momentumOf(epoch)
  const after = (before: number | undefined): StepRates => {
    return { lr, lrOf, momentum: now === undefined || before === undefined ? undefined : { now, before } }
  }
  return { lr, first: after(momentumOf(Math.max(1, epoch - 1))), others: after(now) }
}
