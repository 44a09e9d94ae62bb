import { UserError } from '../../core/errors.ts'
import { judgeDifference, type Judgement } from '../../core/noise.ts'
import type { Project } from '../../core/projectSchema.ts'
import { spread, type Spread } from '../../core/spread.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import { lastAttempts, type ComparedExperiment } from '../../runs/comparison.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import type { RunGroup } from './runGroups.ts'
import type { ExperimentFiles } from './writtenDifferences.ts'

/** What a row says of an experiment, in numbers. */
export interface ExperimentFacts {
  readonly name: string
  readonly isBaseline: boolean
  /** An experiment without a file was renamed or deleted; its runs are still there. */
  readonly file: 'there' | 'broken' | 'missing'
  /** Over the last attempt of each fold and seed. */
  readonly score: Spread
  /** Runs that the score is over. */
  readonly scored: readonly ScoredRun[]
  /** From the baseline; undefined for itself, and where the two have no fold in common. */
  readonly difference: (Judgement & { readonly value: number; readonly folds: ReadonlyMap<number, number> }) | undefined
  /** Runs in training, debug runs included. */
  readonly running: number
  readonly isTrained: boolean
}

interface ScoredRun {
  readonly run: string
  readonly fold: number
  readonly value: number
}

export type Metric = Project['primary_metric']

/** What facts are made of. */
export interface ExperimentSource {
  readonly files: ExperimentFiles
  readonly runs: ReadonlyMap<string, RunSummary>
  readonly results: ReadonlyMap<string, RunResult>
  readonly comparison: ReadonlyMap<string, ComparedExperiment>
  readonly baseline: string | undefined
  readonly metric: Metric
}

/** @param baselineScores of every run of the baseline that counts */
export function experimentFacts(
  name: string,
  group: RunGroup,
  source: ExperimentSource,
  baselineScores: readonly number[],
): ExperimentFacts {
  const compared = source.comparison.get(name)
  const scored = compared?.runs ?? scoredRuns(name, group, source)
  const isBaseline = name === source.baseline
  return {
    name,
    isBaseline,
    file: fileState(source.files, name),
    score: spread(scored.map(({ value }) => value)),
    scored,
    difference: isBaseline ? undefined : differenceOf(compared, baselineScores),
    running: [...group.runs, ...group.debugRuns].filter((run) => source.runs.get(run)?.phase === 'running').length,
    isTrained: scored.length > 0,
  }
}

/** The last attempt of each fold and seed that has a score. */
export function scoredRuns(
  name: string,
  { runs }: RunGroup,
  { results, metric }: Pick<ExperimentSource, 'results' | 'metric'>,
): readonly ScoredRun[] {
  const own = [...runs].flatMap((run) => results.get(run) ?? [])
  return lastAttempts(own, name).flatMap(({ run, fold, scores }) => {
    const value = scores[metric]
    return value === null ? [] : [{ run, fold, value }]
  })
}

/** When something last happened in an experiment, ISO-8601 UTC; empty where nothing did. */
export function lastActivity(group: RunGroup, { runs, results }: Pick<ExperimentSource, 'runs' | 'results'>): string {
  const times = [...group.runs, ...group.debugRuns].map((name) => {
    const run = runs.get(name)
    return run?.progress.lastTime ?? run?.created ?? results.get(name)?.finished ?? ''
  })
  return times.reduce((last, time) => (time > last ? time : last), '')
}

function fileState(files: ExperimentFiles, name: string): ExperimentFacts['file'] {
  const file = files.get(name)
  if (file === undefined) return 'missing'
  return file instanceof UserError ? 'broken' : 'there'
}

function differenceOf(
  compared: ComparedExperiment | undefined,
  baselineScores: readonly number[],
): ExperimentFacts['difference'] {
  const folds = compared?.fromBaseline ?? []
  const { mean } = spread(folds.map(({ value }) => value))
  if (mean === null) return undefined
  return {
    ...judgeDifference(mean, baselineScores),
    value: mean,
    folds: new Map(folds.map(({ fold, value }) => [fold, value])),
  }
}
