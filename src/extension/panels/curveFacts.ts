import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { RunFacts, ScoreName } from '../../protocol/curvesMessages.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import type { Workspace } from '../../runs/workspace.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { baselineRuns } from './overlayBaseline.ts'
import { conditionsAgainst, ownConditions, type RecordedConditions } from './runConditions.ts'
import type { ProjectRuns, ShownRun } from './shownRuns.ts'

/** A project as the curves need it; a broken project file leaves out what only it knows. */
export interface CurvesProject extends ProjectRuns {
  readonly workspace: Workspace
  readonly results: ProjectStore['results']
  readonly metric: ScoreName
}

/** What the project file says that curves need. */
export type ProjectSettings = Pick<CurvesProject, 'baseline' | 'metric'>

export function projectSettings(store: Pick<ProjectStore, 'project'>): ProjectSettings {
  try {
    const { baseline, primary_metric: metric } = store.project()
    return { baseline, metric }
  } catch (error) {
    if (error instanceof UserError) return { baseline: undefined, metric: 'mIoU' }
    throw error
  }
}

/** Reads what runs recorded of themselves, each once. */
export class RecordedRuns {
  private readonly known = new Map<string, RecordedConditions>()

  /** undefined while the trainer has not written it, and where it cannot be read: the list of runs tells of that. */
  conditions(workspace: Workspace, run: string): RecordedConditions | undefined {
    const key = `${workspace.root}\n${run}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    try {
      const { config, splitHash } = RunFolder.open(workspace, run).readRecord()
      this.known.set(key, { config, splitHash })
      return { config, splitHash }
    } catch (error) {
      if (error instanceof UserError) return undefined
      throw error
    }
  }

  forget(root: string, run: string): void {
    this.known.delete(`${root}\n${run}`)
  }
}

/** What the view is told of a run. */
export function factsOf(
  project: CurvesProject,
  { id, summary, isReference }: ShownRun,
  recorded: RecordedRuns,
): RunFacts {
  const { identity, phase, progress, problem } = summary
  const { experiment, fold, seed } = identity
  const { message, hint = '' } = progress.failure ?? {}
  return {
    id,
    experiment,
    fold,
    seed,
    phase,
    trouble: problem ?? (phase === 'failed' && message !== undefined ? sentences(message, hint) : undefined),
    conditions: conditionsOf(project, summary, recorded),
    isReference,
    metric: project.metric,
    epochs: progress.started?.epochs,
  }
}

function sentences(message: string, hint: string): string {
  return `${message.replace(/\.?$/, '.')} ${hint}`.trim()
}

function conditionsOf(
  project: CurvesProject,
  { name, identity }: ShownRun['summary'],
  recorded: RecordedRuns,
): readonly string[] {
  const { workspace, baseline } = project
  const own = recorded.conditions(workspace, name)
  if (own === undefined) return []
  const base = baselineConditions(project, identity, recorded)
  const changes = base === undefined || identity.experiment === baseline ? undefined : conditionsAgainst(own, base)
  if (changes === undefined) return ownConditions(own)
  return changes.length === 0 ? [vscode.l10n.t('Same conditions as the baseline')] : changes
}

/** Of its run on the same fold, else of any of its results. */
function baselineConditions(
  { workspace, runs, results, baseline }: CurvesProject,
  identity: ShownRun['summary']['identity'],
  recorded: RecordedRuns,
): RecordedConditions | undefined {
  if (baseline === undefined) return undefined
  const [run] = baselineRuns(runs.values(), identity, baseline)
  const ofRun = (run as string | undefined) === undefined ? undefined : recorded.conditions(workspace, run)
  return ofRun ?? [...results.values()].find(({ experiment }) => experiment === baseline)
}
