import type { EventOf, RunEvent } from './events.ts'
import type { BestEpoch, ValidationScores } from './values.ts'

/**
 * How a run stands. `running` has a living trainer; `interrupted` has none, and its last event is no end: the trainer died
 * or the machine did, and the run can be resumed.
 */
export type RunPhase = 'running' | 'finished' | 'stopped' | 'failed' | 'interrupted'

/** What the history of a run comes to: a fold of its events, cheap to keep for every run of a project. */
export interface RunProgress {
  /** How the last life of the trainer ended; undefined while no ending was written. */
  readonly ending: 'finished' | 'stopped' | 'failed' | undefined
  readonly started:
    | { readonly time: string; readonly device: string; readonly epochs: number; readonly stepsPerEpoch: number }
    | undefined
  /** Time of the last event, ISO-8601 UTC. */
  readonly lastTime: string | undefined
  /** What the trainer is doing: the last phase event. */
  readonly phase: EventOf<'phase'>['phase'] | undefined
  /** Optimizer steps and epochs done, counted from 1; 0 before the first. */
  readonly step: number
  readonly epoch: number
  readonly loss: number | null | undefined
  /** Scores of the last validated epoch. */
  readonly valid: ValidationScores | undefined
  readonly best: BestEpoch | null | undefined
  readonly checks: readonly EventOf<'check'>[]
  /** Last checkpoint of each kind. */
  readonly checkpoints: Readonly<Partial<Record<EventOf<'checkpoint'>['kind'], EventOf<'checkpoint'>>>>
  readonly warnings: readonly string[]
  readonly failure: { readonly message: string; readonly hint: string | undefined } | undefined
}

export const noProgress: RunProgress = {
  ending: undefined,
  started: undefined,
  lastTime: undefined,
  phase: undefined,
  step: 0,
  epoch: 0,
  loss: undefined,
  valid: undefined,
  best: undefined,
  checks: [],
  checkpoints: {},
  warnings: [],
  failure: undefined,
}

/** The progress after one more event. A resumed run goes back to where its checkpoint was. */
export function advance(progress: RunProgress, event: RunEvent): RunProgress {
  const now = { ...progress, lastTime: event.time }
  switch (event.type) {
    case 'started':
      return {
        ...now,
        ending: undefined,
        failure: undefined,
        started: startOf(event),
        step: event.resumed?.step ?? 0,
        epoch: event.resumed === undefined ? 0 : Math.max(0, event.resumed.epoch - 1),
      }
    case 'phase':
      return { ...now, phase: event.phase }
    case 'step':
      return { ...now, step: event.step, loss: event.loss }
    case 'epoch':
      return { ...now, epoch: event.epoch, valid: event.valid }
    case 'checkpoint':
      return { ...now, checkpoints: { ...progress.checkpoints, [event.kind]: event } }
    case 'check':
      return { ...now, checks: [...progress.checks.filter(({ name }) => name !== event.name), event] }
    case 'warning':
      return progress.warnings.includes(event.message)
        ? now
        : { ...now, warnings: [...progress.warnings, event.message] }
    case 'failed':
      return { ...now, ending: 'failed', failure: { message: event.message, hint: event.hint } }
    case 'stopped':
      return { ...now, ending: 'stopped', step: event.step }
    case 'finished':
      return { ...now, ending: 'finished', best: event.best }
    case 'preview':
      return now
    default:
      return event satisfies never
  }
}

/** Milliseconds until the last epoch is done, from the pace since `since`; undefined before there is one. */
export function timeLeft(
  { started, step }: RunProgress,
  since: { readonly step: number; readonly milliseconds: number },
  now: number,
): number | undefined {
  if (started === undefined || step <= since.step) return undefined
  const pace = (now - since.milliseconds) / (step - since.step)
  return Math.max(0, started.epochs * started.stepsPerEpoch - step) * pace
}

function startOf({ time, device, config, images }: EventOf<'started'>): RunProgress['started'] {
  const { train, data } = config as {
    readonly train?: { readonly epochs?: number }
    readonly data?: { readonly batch_size?: number; readonly accumulate_grad_batches?: number }
  }
  // An incomplete last batch is dropped; an incomplete last group of accumulated batches is stepped.
  const batches = Math.max(1, Math.floor(images.train / (data?.batch_size ?? 1)))
  const stepsPerEpoch = Math.ceil(batches / (data?.accumulate_grad_batches ?? 1))
  return { time, device, epochs: train?.epochs ?? 0, stepsPerEpoch }
}
