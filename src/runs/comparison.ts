import { differences, type Difference } from '../core/difference.ts'
import { UserError } from '../core/errors.ts'
import type { ExperimentConfig } from '../core/experiment.ts'
import type { Project } from '../core/projectSchema.ts'
import type { RunResult } from '../protocol/runFolder.ts'
import { parseRunName } from '../protocol/runName.ts'

/** Difference of an experiment's mean score from the baseline's on one fold. */
interface FoldDifference {
  readonly fold: number
  readonly value: number
}

/** What the results say about one experiment. */
export interface ComparedExperiment {
  readonly name: string
  /** The last attempt of each fold and seed, in their order; runs without a score are left out. */
  readonly runs: readonly {
    readonly run: string
    readonly fold: number
    readonly seed: number
    readonly value: number
  }[]
  /** Paired by fold: the mean over seeds minus the baseline's; folds that only one of the two has are left out. */
  readonly fromBaseline: readonly FoldDifference[]
  /** Conditions that differ from the baseline; undefined where this version cannot read the recorded ones. */
  readonly changes: readonly Difference[] | undefined
}

type Metric = Project['primary_metric']

/** Reads a recorded configuration; undefined where it is of another version. */
export type ReadConfig = (config: RunResult['config']) => ExperimentConfig | undefined

/** The last attempt of each fold and seed, sorted by them. */
export function lastAttempts(results: readonly RunResult[], experiment: string): readonly RunResult[] {
  const last = new Map<string, RunResult>()
  const attempt = ({ run }: RunResult): number => parseRunName(run)?.attempt ?? 0
  for (const result of results.filter((each) => each.experiment === experiment)) {
    const key = `${result.fold} ${result.seed}`
    const known = last.get(key)
    if (known === undefined || attempt(result) > attempt(known)) last.set(key, result)
  }
  return [...last.values()].sort((a, b) => a.fold - b.fold || a.seed - b.seed)
}

/**
 * Compares experiments with the baseline by their recorded results.
 * @param groups results of each experiment (see lastAttempts), each with at least one
 * @throws UserError `split-differs` where results come from different splits
 */
export function compareExperiments(
  groups: ReadonlyMap<string, readonly RunResult[]>,
  baseline: string,
  metric: Metric,
  readConfig: ReadConfig,
): readonly ComparedExperiment[] {
  checkSplits([...groups.values()].flat())
  const base = groups.get(baseline)
  return Array.from(groups, ([name, results]) => ({
    name,
    runs: results.flatMap(({ run, fold, seed, scores }) => {
      const value = scores[metric]
      return value === null ? [] : [{ run, fold, seed, value }]
    }),
    fromBaseline: base === undefined || name === baseline ? [] : pairedDifferences(results, base, metric),
    changes: base === undefined || name === baseline ? [] : changesOf(base[0], results[0], readConfig),
  }))
}

/** What a reader of the comparison must know about the results behind it. */
export function comparisonWarnings(
  groups: ReadonlyMap<string, readonly RunResult[]>,
  readConfig: ReadConfig,
): readonly string[] {
  const all = [...groups.values()].flat()
  const mixed = Array.from(groups).flatMap(([name, results]) => {
    const other = results.find((result) => (changesOf(results[0], result, readConfig) ?? []).length > 0)
    const message = `${name}: ${results[0].run} and ${other?.run ?? ''} were trained under different conditions.`
    return other === undefined ? [] : [message]
  })
  const isOtherData = all.some(({ dataHash }) => dataHash !== all[0].dataHash)
  return isOtherData ? [...mixed, 'The images or masks changed between these runs.'] : mixed
}

function checkSplits(results: readonly RunResult[]): void {
  const runs = new Map(results.map(({ splitHash, run }) => [splitHash, run]))
  if (runs.size < 2) return
  throw new UserError('these results come from different splits: their scores cannot be compared', {
    value: Array.from(runs, ([hash, run]) => `${run} (split ${hash.slice(0, 12)})`).join(', '),
    hint: 'Train again on one split, or move the results of the other one out of foldwise/results.',
    code: 'split-differs',
  })
}

function foldMeans(results: readonly RunResult[], metric: Metric): ReadonlyMap<number, number> {
  const values = new Map<number, number[]>()
  for (const { fold, scores } of results) {
    const value = scores[metric]
    if (value !== null) values.set(fold, [...(values.get(fold) ?? []), value])
  }
  return new Map(
    Array.from(values, ([fold, each]) => [fold, each.reduce((sum, value) => sum + value, 0) / each.length]),
  )
}

function pairedDifferences(
  results: readonly RunResult[],
  base: readonly RunResult[],
  metric: Metric,
): readonly FoldDifference[] {
  const baseMeans = foldMeans(base, metric)
  return Array.from(foldMeans(results, metric)).flatMap(([fold, value]) => {
    const baseValue = baseMeans.get(fold)
    return baseValue === undefined ? [] : [{ fold, value: value - baseValue }]
  })
}

function changesOf(before: RunResult, after: RunResult, readConfig: ReadConfig): readonly Difference[] | undefined {
  const [old, now] = [readConfig(before.config), readConfig(after.config)]
  return old === undefined || now === undefined ? undefined : differences(old, now)
}
