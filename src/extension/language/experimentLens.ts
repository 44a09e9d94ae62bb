import { UserError } from '../../core/errors.ts'
import type { Project } from '../../core/projectSchema.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { experimentFacts, scoredRuns, type ExperimentFacts, type Metric } from '../tree/experimentFacts.ts'
import { RunGroups } from '../tree/runGroups.ts'

/** What stands above the text of an experiment. */
export interface ExperimentLens {
  readonly metric: Metric
  readonly facts: ExperimentFacts
  /** The run in training that began last, debug runs included. */
  readonly training: { readonly run: RunSummary; readonly isDebug: boolean } | undefined
  /** Whether there are runs of it, debug runs included, and whether one of them lies here. */
  readonly hasRuns: boolean
  readonly hasRunsHere: boolean
}

export type LensSource = Pick<ProjectStore, 'experimentFiles' | 'runs' | 'results' | 'project' | 'comparison'>

/** A project file that is broken while it is being typed hides differences, and no score. */
export function experimentLens(source: LensSource, name: string): ExperimentLens {
  const { experimentFiles: files, runs, results } = source
  const { baseline, primary_metric: metric = 'mIoU' } = attempt((): Partial<Project> => source.project(), {})
  const groups = groupsOf(source, [name, ...(baseline === undefined ? [] : [baseline])])
  const group = groups.of(name)
  const baselineScores =
    baseline === undefined
      ? []
      : scoredRuns(baseline, groups.of(baseline), { results, metric }).map(({ value }) => value)
  const comparison = attempt(() => source.comparison(), new Map<string, never>())
  const facts = experimentFacts(name, group, { files, runs, results, comparison, baseline, metric }, baselineScores)
  const here = [...group.runs, ...group.debugRuns].flatMap((run) => runs.get(run) ?? [])
  const [training] = here
    .filter(({ phase }) => phase === 'running')
    .sort((a, b) => b.created.localeCompare(a.created))
    .map((run) => ({ run, isDebug: group.debugRuns.has(run.name) }))
  return {
    metric,
    facts,
    training,
    hasRuns: group.runs.size + group.debugRuns.size > 0,
    hasRunsHere: here.length > 0,
  }
}

/** Runs of these experiments alone: a project may have thousands of others. */
function groupsOf({ experimentFiles, runs, results }: LensSource, experiments: readonly string[]): RunGroups {
  const beginnings = experiments.flatMap((name) => [`${name}.f`, `${name}-debug.f`])
  const names = [...runs.keys(), ...results.keys()].filter((run) => beginnings.some((each) => run.startsWith(each)))
  return new RunGroups(experimentFiles, runs, names)
}

function attempt<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof UserError) return otherwise
    throw error
  }
}
