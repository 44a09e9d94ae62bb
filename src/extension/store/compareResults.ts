import { differences } from '../../core/difference.ts'
import { UserError } from '../../core/errors.ts'
import type { Project } from '../../core/projectSchema.ts'
import { recordedConfig } from '../../core/recordedConfig.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import { compareExperiments, lastAttempts, type ComparedExperiment } from '../../runs/comparison.ts'

/**
 * Every experiment that has results against the baseline, by name; the error where the project file is broken or they
 * cannot be compared. Changed conditions are worked out when they are asked for: of thousands of experiments a view shows
 * a few.
 */
export function compareResults(
  results: Iterable<RunResult>,
  readProject: () => Project,
): ReadonlyMap<string, ComparedExperiment> | UserError {
  const groups = new Map(Array.from(byExperiment(results), ([name, own]) => [name, lastAttempts(own, name)]))
  try {
    const { baseline, primary_metric: metric } = readProject()
    const compared = compareExperiments(groups, baseline, metric, () => undefined)
    const base = groups.get(baseline)?.[0]
    return new Map(compared.map((each) => [each.name, withChanges(each, base, groups.get(each.name)![0])]))
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

function withChanges(compared: ComparedExperiment, base: RunResult | undefined, own: RunResult): ComparedExperiment {
  // Without results of the baseline there is nothing to differ from.
  if (base === undefined || base.experiment === compared.name) return compared
  let changes: { readonly known: ComparedExperiment['changes'] } | undefined
  return {
    ...compared,
    get changes() {
      changes ??= { known: changesOf(base, own) }
      return changes.known
    },
  }
}

function changesOf(before: RunResult, after: RunResult): ComparedExperiment['changes'] {
  const [old, now] = [recordedConfig(before.config), recordedConfig(after.config)]
  return old === undefined || now === undefined ? undefined : differences(old, now)
}

/** Grouped once: thousands of experiments must not each look through all results. */
function byExperiment(results: Iterable<RunResult>): ReadonlyMap<string, readonly RunResult[]> {
  const groups = new Map<string, RunResult[]>()
  for (const result of results) {
    const group = groups.get(result.experiment)
    if (group === undefined) groups.set(result.experiment, [result])
    else group.push(result)
  }
  return groups
}
