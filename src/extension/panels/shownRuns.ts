import { runKey, type CurvesSelection, type RunId } from '../../protocol/curvesMessages.ts'
import { debuggedExperiment } from '../../protocol/runName.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import { baselineRuns } from './overlayBaseline.ts'

/** What is needed of a project. */
export interface ProjectRuns {
  readonly root: string
  readonly runs: ReadonlyMap<string, RunSummary>
  /** undefined where the project file is broken. */
  readonly baseline: string | undefined
}

export interface ShownRun {
  readonly id: RunId
  readonly summary: RunSummary
  readonly isReference: boolean
}

/**
 * The runs that a selection shows, as far as they exist: the chosen ones, those of the same experiments that began later, and
 * for reference the baseline's last attempt on each of their folds.
 */
export function shownRuns(selection: CurvesSelection, projects: readonly ProjectRuns[]): readonly ShownRun[] {
  return projects.flatMap((project) => shownOf(selection, project))
}

function shownOf({ runs, since }: CurvesSelection, { root, runs: all, baseline }: ProjectRuns): readonly ShownRun[] {
  const names = runs.filter((id) => id.root === root).map(({ run }) => run)
  const chosen = names.flatMap((name) => all.get(name) ?? [])
  const experiments = new Set(chosen.map(({ identity }) => identity.experiment))
  const joined = [...all.values()].filter(
    ({ name, identity, created }) => experiments.has(identity.experiment) && created > since && !names.includes(name),
  )
  const own = [...chosen, ...joined.sort((a, b) => a.created.localeCompare(b.created))]
  return [
    ...own.map((summary) => ({ id: { root, run: summary.name }, summary, isReference: false })),
    ...references(own, all, baseline).map((summary) => ({
      id: { root, run: summary.name },
      summary,
      isReference: true,
    })),
  ]
}

/** A debug run learns a few images by heart: the baseline is no measure of it. */
function references(
  own: readonly RunSummary[],
  all: ReadonlyMap<string, RunSummary>,
  baseline: string | undefined,
): readonly RunSummary[] {
  if (baseline === undefined) return []
  const measured = own.filter(({ identity }) => debuggedExperiment(identity.experiment) === undefined)
  const names = measured.flatMap(({ identity }) => baselineRuns(all.values(), identity, baseline).slice(0, 1))
  const ownNames = new Set(own.map(({ name }) => name))
  return [...new Set(names)].filter((name) => !ownNames.has(name)).map((name) => all.get(name)!)
}

/** The selection with more runs in it; those that joined it meanwhile are chosen from now on. @param now ISO-8601 UTC */
export function withRuns(
  selection: CurvesSelection,
  shown: readonly ShownRun[],
  more: readonly RunId[],
  now: string,
): CurvesSelection {
  const joined = shown.filter(({ isReference }) => !isReference).map(({ id }) => id)
  const all = new Map([...selection.runs, ...joined, ...more].map((id) => [runKey(id), id]))
  return { runs: [...all.values()], since: now }
}

/** What names a selection: its only run, its only experiment, or how many runs it has. */
export type SelectionName =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'run'; readonly name: string }
  | { readonly kind: 'experiment'; readonly name: string; readonly count: number }
  | { readonly kind: 'runs'; readonly count: number }

export function selectionName(shown: readonly ShownRun[]): SelectionName {
  const own = shown.filter(({ isReference }) => !isReference)
  const experiments = new Set(own.map(({ id, summary }) => `${id.root}\n${summary.identity.experiment}`))
  if (own.length === 0) return { kind: 'nothing' }
  if (own.length === 1) return { kind: 'run', name: own[0].id.run }
  const { experiment } = own[0].summary.identity
  if (experiments.size === 1) return { kind: 'experiment', name: experiment, count: own.length }
  return { kind: 'runs', count: own.length }
}
