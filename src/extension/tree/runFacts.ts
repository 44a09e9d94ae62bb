import type { UserError } from '../../core/errors.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import type { RunIdentity } from '../../protocol/runName.ts'
import type { RunProgress, RunPhase } from '../../protocol/runState.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import { resumabilityOf } from '../commands/resumability.ts'
import type { Metric } from './experimentFacts.ts'

/** What a row says of a run, in numbers. */
export interface RunFacts {
  readonly run: string
  readonly fold: number
  readonly seed: number
  readonly attempt: number
  /** `elsewhere`: only its result is here, the run lies on a colleague's machine or was deleted. */
  readonly phase: RunPhase | 'elsewhere'
  /** Epoch in training, or epochs done when it does not train; 0 before the first. */
  readonly epoch: number
  /** Epochs that it shall train; 0 where unknown. */
  readonly epochs: number
  /** What its trainer is doing. */
  readonly activity: RunProgress['phase']
  /** Best value of the primary metric, or the last one of a run that has not finished; null without validation. */
  readonly score: number | null
  /** Epoch of the best value; undefined while it is not known. */
  readonly bestEpoch: number | undefined
  /** As recorded, `CPU (name of the processor)`; undefined where it is not recorded here. */
  readonly device: string | undefined
  /** ISO-8601 UTC; empty where only a result is here that cannot be read. */
  readonly created: string
  /** Milliseconds in training; undefined before its first event. */
  readonly duration: number | undefined
  readonly isResumable: boolean
  /** Why the folder cannot be read in full. */
  readonly problem: string | undefined
  /** What is wrong with its result: damaged, or written by a later version. */
  readonly resultProblem: UserError | undefined
}

/** Facts of a run that lies here. @param result its result, where it has one  @param error why that cannot be read */
export function runFacts(
  summary: RunSummary,
  result: RunResult | undefined,
  metric: Metric,
  error?: UserError,
): RunFacts {
  const { name: run, identity, phase, created, progress, problem } = summary
  const { epoch, started, best, valid } = progress
  const epochs = started?.epochs ?? 0
  return {
    run,
    fold: identity.fold,
    seed: identity.seed,
    attempt: identity.attempt,
    phase,
    epoch: phase === 'running' ? Math.min(epoch + 1, Math.max(epochs, epoch)) : epoch,
    epochs,
    activity: progress.phase,
    score: result?.scores[metric] ?? best?.[metric] ?? valid?.[metric] ?? null,
    bestEpoch: result?.best.epoch ?? best?.epoch,
    device: started?.device,
    created,
    duration: result?.durationMs ?? durationOf(summary),
    isResumable: resumabilityOf(summary) === 'resumable',
    problem,
    resultProblem: error,
  }
}

/** Of a run whose folder is on another machine. */
const elsewhere = {
  phase: 'elsewhere',
  epoch: 0,
  epochs: 0,
  activity: undefined,
  device: undefined,
  isResumable: false,
  problem: undefined,
} as const

/** Facts of a run of which only the result is here. @param attempt of its name */
export function resultFacts(result: RunResult, attempt: number, metric: Metric): RunFacts {
  const { run, fold, seed, scores, best, finished, durationMs: duration } = result
  const created = new Date(Date.parse(finished) - duration).toISOString()
  const score = scores[metric]
  return {
    ...elsewhere,
    run,
    fold,
    seed,
    attempt,
    score,
    bestEpoch: best.epoch,
    created,
    duration,
    resultProblem: undefined,
  }
}

/** Facts of a run of which only a result is here, which cannot be read. */
export function unreadableFacts(run: string, { fold, seed, attempt }: RunIdentity, error: UserError): RunFacts {
  const unknown = { score: null, bestEpoch: undefined, created: '', duration: undefined }
  return { ...elsewhere, ...unknown, run, fold, seed, attempt, resultProblem: error }
}

/** The device without its model: `CPU`. */
export function deviceName(device: string): string {
  return device.replace(/ \(.*$/, '')
}

function durationOf({ created, progress: { lastTime } }: RunSummary): number | undefined {
  return lastTime === undefined ? undefined : Math.max(0, Date.parse(lastTime) - Date.parse(created))
}
