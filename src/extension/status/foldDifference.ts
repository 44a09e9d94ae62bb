import { UserError } from '../../core/errors.ts'
import type { Project } from '../../core/projectSchema.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import { compareExperiments, lastAttempts } from '../../runs/comparison.ts'

/**
 * Difference of one run's score from the baseline's mean on the same fold; undefined for the baseline itself, where the
 * baseline has no result on this fold, or comes from another split.
 */
export function differenceOnFold(
  results: readonly RunResult[],
  result: RunResult,
  { baseline, primary_metric: metric }: Pick<Project, 'baseline' | 'primary_metric'>,
): number | undefined {
  const base = lastAttempts(results, baseline).filter(({ fold }) => fold === result.fold)
  if (result.experiment === baseline || base.length === 0) return undefined
  const groups = new Map([
    [baseline, base],
    [result.experiment, [result]],
  ])
  try {
    const compared = compareExperiments(groups, baseline, metric, () => undefined)
    return compared.find(({ name }) => name === result.experiment)?.fromBaseline.at(0)?.value
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
