import type { RunPhase } from './runState.ts'

/** What the panel of the curves and its view say to each other. */

/** A run of a project: names repeat over projects. */
export interface RunId {
  /** Folder of the project. */
  readonly root: string
  readonly run: string
}

/** One text for a run, to look it up by. */
export function runKey({ root, run }: RunId): string {
  return `${root}\n${run}`
}

/** Which runs are shown: what is needed to show them again after a reload. */
export interface CurvesSelection {
  readonly runs: readonly RunId[]
  /** ISO-8601 UTC. Runs of the same experiments that begin later join them. */
  readonly since: string
}

/** What is told of a run beside its numbers. */
export interface RunFacts {
  readonly id: RunId
  readonly experiment: string
  readonly fold: number
  readonly seed: number
  readonly phase: RunPhase
  /** Why it failed or cannot be read, and what to do. */
  readonly trouble: string | undefined
  /** In words: what differs from the baseline, or what it trains with where there is nothing to differ from. */
  readonly conditions: readonly string[]
  /** Nobody chose it: it is the baseline's run on the fold of one that was chosen. */
  readonly isReference: boolean
  /** The project's primary metric. */
  readonly metric: ScoreName
  /** As planned; undefined until the run has begun. */
  readonly epochs: number | undefined
}

export type ScoreName = 'mIoU' | 'dice' | 'pixelAccuracy'

/** `epoch` counts fractions of an epoch; `seconds` are those of training: pauses between two lives of a run are none. */
export const stepColumns = ['step', 'epoch', 'seconds', 'loss', 'lr', 'gradNorm'] as const
export type StepColumn = (typeof stepColumns)[number]

/** `step` and `seconds` are those at the end of the epoch. */
export const epochColumns = [
  'epoch',
  'step',
  'seconds',
  'trainLoss',
  'validLoss',
  'mIoU',
  'dice',
  'pixelAccuracy',
] as const
export type EpochColumn = (typeof epochColumns)[number]

/** Columns of the same length, in the order of training. What was not measured is NaN. */
export type StepColumns = Readonly<Record<StepColumn, Float64Array>>

export interface EpochColumns extends Readonly<Record<EpochColumn, Float64Array>> {
  /** [epochs, classes], epoch by epoch. */
  readonly perClassIoU: Float64Array
  readonly classes: readonly CurveClass[]
}

export interface CurveClass {
  readonly name: string
  /** `#rrggbb`; undefined where the project names none. */
  readonly color: string | undefined
}

export interface CurveColumns {
  readonly steps: StepColumns
  readonly epochs: EpochColumns
}

/** A run with all that is known of it. */
export interface RunSeries {
  readonly facts: RunFacts
  readonly columns: CurveColumns
}

export interface AppendedColumns {
  readonly run: RunId
  readonly columns: CurveColumns
}

export type ToCurves =
  /** Everything: the answer to `ready`. */
  | { readonly type: 'hydrate'; readonly selection: CurvesSelection; readonly runs: readonly RunSeries[] }
  | { readonly type: 'selection'; readonly selection: CurvesSelection }
  | { readonly type: 'add'; readonly run: RunSeries }
  /** What all runs wrote since the last time: one message, because every message has its price. */
  | { readonly type: 'append'; readonly appended: readonly AppendedColumns[] }
  /** A resumed run repeats what came after its checkpoint: only so many steps and epochs from the beginning stay. */
  | { readonly type: 'rewind'; readonly run: RunId; readonly steps: number; readonly epochs: number }
  | { readonly type: 'facts'; readonly facts: RunFacts }
  | { readonly type: 'remove'; readonly run: RunId; readonly reason: 'deleted' | 'deselected' }

export type FromCurves =
  { readonly type: 'ready' } | { readonly type: 'select-runs' } | { readonly type: 'open-overlay'; readonly run: RunId }

/** The selection that a view remembered; undefined for anything that is no state of the curves. */
export function rememberedSelection(state: unknown): CurvesSelection | undefined {
  if (!isRecord(state) || !isRecord(state['selection'])) return undefined
  const { runs, since } = state['selection']
  if (!Array.isArray(runs) || typeof since !== 'string') return undefined
  return { runs: runs.filter(isRunId).map(({ root, run }) => ({ root, run })), since }
}

function isRunId(value: unknown): value is RunId {
  return isRecord(value) && typeof value['root'] === 'string' && typeof value['run'] === 'string'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
