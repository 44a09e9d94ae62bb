import { debuggedExperiment } from '../../protocol/runName.ts'
import { timeLeft, type RunProgress } from '../../protocol/runState.ts'
import type { RunSummary } from '../../runs/runSummary.ts'

/** From where the pace of a run is measured: a step and when it was done, so that compiling does not count. */
export interface Pace {
  readonly root: string
  readonly run: string
  readonly step: number
  readonly milliseconds: number
}

/**
 * The pace to go on with. Times are those of the events, not of this window, which may have read a long history at once; a
 * run that was resumed begins anew.
 */
export function paceOf(before: Pace | undefined, root: string, { name, progress }: RunSummary): Pace | undefined {
  const { step, lastTime } = progress
  if (before?.root === root && before.run === name && step >= before.step) return before
  return step === 0 || lastTime === undefined
    ? undefined
    : { root, run: name, step, milliseconds: Date.parse(lastTime) }
}

/** Where a run stands, as numbers. */
export interface RunFacts {
  readonly name: string
  /** What its trainer does before its first step; undefined from then on. */
  readonly preparation: RunProgress['phase']
  /** The epoch in training, from 1, of so many. */
  readonly epoch: { readonly number: number; readonly count: number } | undefined
  /** 0…100, of all steps. */
  readonly percent: number | undefined
  readonly millisecondsLeft: number | undefined
  /** How many checks a debug run has done: its steps belong to them, and are no share of a whole. */
  readonly checks: number | undefined
}

export function factsOf({ name, identity, progress }: RunSummary, pace: Pace | undefined): RunFacts {
  const { started, step, epoch, phase, lastTime } = progress
  const unknown = { name, epoch: undefined, percent: undefined, millisecondsLeft: undefined, checks: undefined }
  if (debuggedExperiment(identity.experiment) !== undefined)
    return { ...unknown, preparation: undefined, checks: progress.checks.length }
  if (started === undefined || step === 0) return { ...unknown, preparation: phase }
  const steps = started.stepsPerEpoch * started.epochs
  const now = lastTime === undefined ? undefined : Date.parse(lastTime)
  return {
    ...unknown,
    preparation: undefined,
    epoch: started.epochs === 0 ? undefined : { number: Math.min(epoch + 1, started.epochs), count: started.epochs },
    percent: steps === 0 ? undefined : Math.min(100, Math.floor((100 * step) / steps)),
    millisecondsLeft:
      pace === undefined || now === undefined || steps === 0 ? undefined : timeLeft(progress, pace, now),
  }
}
