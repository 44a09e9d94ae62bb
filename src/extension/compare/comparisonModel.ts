import { judgeDifference, type Judgement } from '../../core/noise.ts'
import type { Project } from '../../core/projectSchema.ts'
import { recordedConfig } from '../../core/recordedConfig.ts'
import { spread, type Spread } from '../../core/spread.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import { compareExperiments, comparisonWarnings, lastAttempts, type ComparedExperiment } from '../../runs/comparison.ts'
import { classDifferences, type ClassDifference } from './classDifferences.ts'

/** One experiment beside the baseline. */
export interface ComparedRow {
  readonly name: string
  readonly isBaseline: boolean
  readonly score: Spread
  /** Of the differences by fold. */
  readonly difference: Spread
  /** Fold → difference from the baseline. */
  readonly byFold: ReadonlyMap<number, number>
  /** undefined where no fold is common. */
  readonly judgement: Judgement | undefined
  readonly changes: ComparedExperiment['changes']
  readonly classes: readonly ClassDifference[]
}

export interface ComparisonModel {
  readonly baseline: string
  readonly metric: Project['primary_metric']
  readonly hasBaselineResults: boolean
  /** Spread of the baseline's scores over its folds and seeds. */
  readonly noise: Spread
  /** The baseline first. */
  readonly rows: readonly ComparedRow[]
  readonly withoutResults: readonly string[]
  /** Folds that any of the experiments was compared on, ascending. */
  readonly folds: readonly number[]
  readonly warnings: readonly string[]
}

/**
 * What there is to say about some experiments beside the baseline; the results of others play no part.
 * @throws UserError `split-differs`
 */
export function comparisonModel(
  results: readonly RunResult[],
  { baseline, primary_metric: metric }: Pick<Project, 'baseline' | 'primary_metric'>,
  experiments: readonly string[],
): ComparisonModel {
  const names = [...new Set([baseline, ...experiments])]
  const groups = new Map(names.map((name) => [name, lastAttempts(results, name)] as const))
  const withResults = new Map([...groups].filter(([, own]) => own.length > 0))
  const base = groups.get(baseline) ?? []
  const compared = compareExperiments(withResults, baseline, metric, recordedConfig)
  const baseScores = compared.find(({ name }) => name === baseline)?.runs.map(({ value }) => value) ?? []
  const rows = compared.map(({ name, runs, fromBaseline, changes }) => {
    const difference = spread(fromBaseline.map(({ value }) => value))
    return {
      name,
      isBaseline: name === baseline,
      score: spread(runs.map(({ value }) => value)),
      difference,
      byFold: new Map(fromBaseline.map(({ fold, value }) => [fold, value])),
      judgement: difference.mean === null ? undefined : judgeDifference(difference.mean, baseScores),
      changes,
      classes: name === baseline ? [] : classDifferences(groups.get(name)!, base),
    }
  })
  return {
    baseline,
    metric,
    hasBaselineResults: base.length > 0,
    noise: spread(baseScores),
    rows,
    withoutResults: names.filter((name) => !withResults.has(name) && name !== baseline),
    folds: [...new Set(rows.flatMap(({ byFold }) => [...byFold.keys()]))].sort((a, b) => a - b),
    warnings: comparisonWarnings(withResults, recordedConfig),
  }
}
