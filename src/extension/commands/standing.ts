import type { RunResult } from '../../protocol/runFolder.ts'
import type { RunIdentity } from '../../protocol/runName.ts'
import { lastAttempts } from '../../runs/comparison.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import type { Job } from '../supervisor/job.ts'

/** What there is already of something that may be trained. */
export type Standing =
  | { readonly state: 'training' }
  | { readonly state: 'waiting' }
  /** `score` is the mean over its runs; null where none was measured. */
  | { readonly state: 'trained'; readonly score: number | null }

/** What to look for; a fold or seed left out means any. */
export type Wanted = Pick<RunIdentity, 'experiment'> & Partial<Pick<RunIdentity, 'fold' | 'seed'>>

/** What a project knows, as its store and the queue give it. */
export interface Known {
  readonly root: string
  readonly results: ReadonlyMap<string, RunResult>
  readonly runs: ReadonlyMap<string, RunSummary>
  readonly jobs: readonly Job[]
  readonly metric: 'mIoU' | 'dice' | 'pixelAccuracy'
  /** Seed of an experiment that names none when it is trained. */
  readonly ownSeed: (experiment: string) => number | undefined
}

/** How it stands with an experiment, one of its folds, or one fold with one seed; undefined where there is nothing yet. */
export function standingOf(known: Known, wanted: Wanted): Standing | undefined {
  const isTraining = [...known.runs.values()].some(
    ({ phase, identity }) => phase === 'running' && isWanted(identity, wanted),
  )
  if (isTraining) return { state: 'training' }
  if (known.jobs.some((job) => job.root === known.root && isWanted(identityOf(job, known), wanted)))
    return { state: 'waiting' }
  const results = lastAttempts([...known.results.values()], wanted.experiment).filter((each) => isWanted(each, wanted))
  if (results.length === 0) return undefined
  const scores = results.flatMap(({ scores: { [known.metric]: score } }) => score ?? [])
  const mean = scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length
  return { state: 'trained', score: mean }
}

/** Folds of an experiment that have no result with its own seed, and are neither trained now nor in the queue. */
export function missingFolds(known: Known, experiment: string, folds: number): readonly number[] {
  const seed = known.ownSeed(experiment)
  const wanted = { experiment, ...(seed === undefined ? {} : { seed }) }
  return Array.from({ length: folds }, (_, fold) => fold).filter(
    (fold) => standingOf(known, { ...wanted, fold }) === undefined,
  )
}

type Candidate = Pick<RunIdentity, 'experiment' | 'fold'> & { readonly seed: number | undefined }

function isWanted({ experiment, fold, seed }: Candidate, wanted: Wanted): boolean {
  return (
    experiment === wanted.experiment &&
    (wanted.fold === undefined || wanted.fold === fold) &&
    (wanted.seed === undefined || wanted.seed === seed)
  )
}

/** Debug runs train nothing of the experiment's own. */
function identityOf({ work }: Job, { ownSeed }: Known): Candidate {
  const { experiment, fold } = work
  if (work.kind !== 'train') return { experiment: '', fold, seed: undefined }
  return { experiment, fold, seed: work.seed ?? ownSeed(experiment) }
}
