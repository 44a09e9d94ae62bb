import { UserError } from '../../core/errors.ts'
import type { Difference } from '../../core/difference.ts'
import type { ExperimentFile } from '../../core/experimentFile.ts'
import type { Project } from '../../core/projectSchema.ts'
import { foldCount } from '../../core/splits/foldCount.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import type { ComparedExperiment } from '../../runs/comparison.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { experimentFacts, lastActivity, scoredRuns, type ExperimentFacts, type Metric } from './experimentFacts.ts'
import { inOrder, type Sortable } from './experimentOrder.ts'
import { resultFacts, runFacts, unreadableFacts, type RunFacts } from './runFacts.ts'
import { RunGroups, type RunGroup, type RunPlace } from './runGroups.ts'
import { find, wordsOf, type Found } from './treeFilter.ts'
import type { SortOrder, TreeOptions } from './treeOptions.ts'
import { writtenDifferences } from './writtenDifferences.ts'

/** What a tree reads of a project. */
export type TreeSource = Pick<
  ProjectStore,
  'workspace' | 'experimentFiles' | 'runs' | 'results' | 'unreadableResults' | 'project' | 'comparison'
>

/** What changed by some runs: rows to draw again, or the list of experiments itself. */
export interface TreeUpdate {
  /** Runs whose own row changed and nothing above it. */
  readonly runs: readonly string[]
  /** Experiments whose row and children changed. */
  readonly experiments: readonly string[]
  readonly isListChanged: boolean
}

interface Known {
  readonly summary: RunSummary | undefined
  /** What is wrong with a result that cannot be read. */
  readonly result: RunResult | UserError | undefined
}

/**
 * What the tree shows of one project, without rows: facts of experiments and runs, their order and filter. Made once for
 * everything; a run that changes touches the facts of its own experiment only.
 */
export class ProjectTree {
  readonly root: string
  readonly baseline: string | undefined
  readonly metric: Metric
  /** Folds of the split; 0 while the project file is broken. */
  readonly folds: number
  private readonly source: TreeSource
  private comparison: ReadonlyMap<string, ComparedExperiment> = new Map()
  private incomparable: UserError | undefined
  private readonly groups: RunGroups
  private readonly known = new Map<string, Known>()
  private readonly facts = new Map<string, ExperimentFacts>()
  private readonly changes = new Map<string, readonly Difference[] | UserError | undefined>()
  private baselineScores: readonly number[] = []
  /** The runs that a filter leaves of each experiment, from the last listing. */
  private found = new Map<string, Found>()

  constructor(source: TreeSource) {
    this.source = source
    this.root = source.workspace.root
    const project = attempt(() => source.project())
    const readable: Partial<Project> = project instanceof UserError ? {} : project
    this.baseline = readable.baseline
    this.metric = readable.primary_metric ?? 'mIoU'
    this.folds = readable.split === undefined ? 0 : foldCount(readable.split)
    for (const name of source.runs.keys()) this.known.set(name, this.look(name))
    for (const name of [...source.results.keys(), ...source.unreadableResults.keys()])
      this.known.set(name, this.look(name))
    this.groups = new RunGroups(source.experimentFiles, source.runs, this.known.keys())
    this.compare()
  }

  /** What keeps scores from being compared: a broken project file, results of several splits. */
  get problem(): UserError | undefined {
    return this.incomparable
  }

  /** Names of the experiments that the filter leaves, in the order of the view. @param phaseWords words for a phase */
  experiments({ filter, sort }: TreeOptions, phaseWords: (phase: RunFacts['phase']) => string): readonly string[] {
    const all = new Set([...this.source.experimentFiles.keys(), ...this.groups.experiments])
    const words = wordsOf(filter)
    this.found = new Map(
      words.length === 0 ? [] : Array.from(all, (name) => [name, find(words, this.searched(name, phaseWords))]),
    )
    const left = words.length === 0 ? [...all] : [...all].filter((name) => this.found.get(name) !== undefined)
    return inOrder(
      sort,
      left.map((name) => this.sortable(name, sort)),
    )
  }

  experiment(name: string): ExperimentFacts {
    const known = this.facts.get(name)
    if (known !== undefined) return known
    const { experimentFiles: files, runs, results } = this.source
    const source = { files, runs, results, comparison: this.comparison, baseline: this.baseline, metric: this.metric }
    const facts = experimentFacts(name, this.groups.of(name), source, this.baselineScores)
    this.facts.set(name, facts)
    return facts
  }

  /**
   * How an experiment differs from the baseline: as its results recorded it, else as its file says.
   * @returns undefined where another version recorded it; the error where a file cannot be read
   */
  changesOf(name: string): readonly Difference[] | UserError | undefined {
    if (name === this.baseline || this.baseline === undefined) return []
    if (!this.changes.has(name)) {
      const isRecorded = this.comparison.has(this.baseline) && this.comparison.has(name)
      this.changes.set(
        name,
        isRecorded
          ? this.comparison.get(name)?.changes
          : this.source.experimentFiles.has(name)
            ? writtenDifferences(this.source.experimentFiles, this.baseline, name)
            : [],
      )
    }
    return this.changes.get(name)
  }

  /** Facts of a run, or of the result of one that is not here; undefined where both are gone. */
  run(name: string): RunFacts | undefined {
    const summary = this.source.runs.get(name)
    const result = this.source.results.get(name)
    const error = this.unreadableResult(name)
    if (summary !== undefined) return runFacts(summary, result, this.metric, error)
    const identity = this.groups.place(name)?.identity
    if (identity === undefined) return undefined
    if (result !== undefined) return resultFacts(result, identity.attempt, this.metric)
    return error && unreadableFacts(name, identity, error)
  }

  /** Whether an experiment was ever trained, debug runs included. */
  hasRuns(experiment: string): boolean {
    const { runs, debugRuns } = this.groups.of(experiment)
    return runs.size + debugRuns.size > 0
  }

  result(run: string): RunResult | undefined {
    return this.source.results.get(run)
  }

  /** What is wrong with the result of a run. */
  unreadableResult(run: string): UserError | undefined {
    return this.source.unreadableResults.get(run)
  }

  summary(run: string): RunSummary | undefined {
    return this.source.runs.get(run)
  }

  /** Where a run belongs; undefined for what is no run's name. */
  place(run: string): RunPlace | undefined {
    return this.groups.place(run)
  }

  /** Whether its score counts: it is the last attempt of its fold and seed, and no debug run. */
  isCounted(run: string): boolean {
    const experiment = this.groups.place(run)?.experiment
    return experiment !== undefined && this.experiment(experiment).scored.some((each) => each.run === run)
  }

  /** An experiment's own file; the error where it cannot be read. */
  file(experiment: string): ExperimentFile | UserError | undefined {
    return this.source.experimentFiles.get(experiment)
  }

  /** Folds of the split and those of runs, in order. */
  foldsOf(experiment: string): readonly number[] {
    const { runs } = this.group(experiment)
    const trained = [...runs].map((run) => this.groups.place(run)!.identity.fold)
    const isWhole = !this.found.has(experiment) || this.found.get(experiment) === 'all'
    const split = isWhole ? Array.from({ length: this.folds }, (_, fold) => fold) : []
    return [...new Set([...split, ...trained])].sort((a, b) => a - b)
  }

  /** Runs of one fold: by seed, the last attempt first. */
  runsOf(experiment: string, fold: number): readonly string[] {
    return this.bySeed([...this.group(experiment).runs].filter((run) => this.groups.place(run)!.identity.fold === fold))
  }

  debugRunsOf(experiment: string): readonly string[] {
    return this.bySeed([...this.group(experiment).debugRuns])
  }

  /** Takes in that some runs changed, and says what must be drawn again. */
  update(names: ReadonlySet<string>): TreeUpdate {
    const changed = [...names].map((name) => ({ name, ...this.take(name) }))
    const beyond = changed.filter(({ isOnlyProgress }) => !isOnlyProgress)
    const experiments = new Set(beyond.flatMap(({ name }) => this.groups.place(name)?.experiment ?? []))
    for (const experiment of experiments) this.facts.delete(experiment)
    const isResultChanged = changed.some((each) => each.isResultChanged)
    if (isResultChanged) this.compare()
    return {
      runs: changed.filter(({ isOnlyProgress }) => isOnlyProgress).map(({ name }) => name),
      experiments: [...experiments],
      isListChanged: isResultChanged || changed.some(({ isNewOrGone }) => isNewOrGone),
    }
  }

  private take(name: string): { isOnlyProgress: boolean; isResultChanged: boolean; isNewOrGone: boolean } {
    const before = this.known.get(name)
    const now = this.look(name)
    const isHere = now.summary !== undefined || now.result !== undefined
    if (isHere) this.known.set(name, now)
    else this.known.delete(name)
    const isNewOrGone = (before === undefined) === isHere
    if (isNewOrGone && isHere) this.groups.add(name)
    if (isNewOrGone && !isHere) this.groups.remove(name)
    const isResultChanged = before?.result !== now.result
    const isSamePhase = before?.summary?.phase === now.summary?.phase
    return { isOnlyProgress: !isNewOrGone && !isResultChanged && isSamePhase, isResultChanged, isNewOrGone }
  }

  private look(name: string): Known {
    const { runs, results } = this.source
    return { summary: runs.get(name), result: results.get(name) ?? this.unreadableResult(name) }
  }

  /** A result may change every difference, if it is the baseline's. */
  private compare(): void {
    const comparison = attempt(() => this.source.comparison())
    const isError = comparison instanceof UserError
    this.incomparable = isError ? comparison : undefined
    this.comparison = isError ? new Map() : comparison
    this.baselineScores = this.scoresOfBaseline()
    this.facts.clear()
    this.changes.clear()
  }

  private scoresOfBaseline(): readonly number[] {
    if (this.baseline === undefined) return []
    const source = { results: this.source.results, metric: this.metric }
    return scoredRuns(this.baseline, this.groups.of(this.baseline), source).map(({ value }) => value)
  }

  /** Runs of an experiment as the filter leaves them. */
  private group(experiment: string): RunGroup {
    const group = this.groups.of(experiment)
    const found = this.found.get(experiment)
    if (found === undefined || found === 'all') return group
    const only = (runs: ReadonlySet<string>): ReadonlySet<string> => new Set([...runs].filter((run) => found.has(run)))
    return { runs: only(group.runs), debugRuns: only(group.debugRuns) }
  }

  private bySeed(runs: readonly string[]): readonly string[] {
    return runs.toSorted((x, y) => {
      const [a, b] = [this.groups.place(x)!.identity, this.groups.place(y)!.identity]
      return a.fold - b.fold || a.seed - b.seed || b.attempt - a.attempt
    })
  }

  /** No more than the order needs: of ten thousand experiments, facts alone take longer than the eye waits. */
  private sortable(name: string, sort: SortOrder): Sortable {
    const facts = sort === 'score' || sort === 'difference' ? this.experiment(name) : undefined
    return {
      name,
      isBaseline: name === this.baseline,
      score: facts?.score.mean ?? null,
      difference: facts?.difference?.value ?? null,
      activity: sort === 'activity' ? lastActivity(this.groups.of(name), this.source) : '',
    }
  }

  private searched(name: string, phaseWords: (phase: RunFacts['phase']) => string): Parameters<typeof find>[1] {
    const file = this.source.experimentFiles.get(name)
    const changes = this.changesOf(name)
    const { runs, debugRuns } = this.groups.of(name)
    return {
      texts: [
        name,
        ...(file === undefined || file instanceof UserError ? [] : (file.tags ?? [])),
        ...(changes === undefined || changes instanceof UserError ? [] : changes.map(({ words }) => words)),
      ],
      runs: new Map(
        [...runs, ...debugRuns].map((run) => {
          const phase = this.source.runs.get(run)?.phase ?? 'elsewhere'
          return [run, [run, phase, phaseWords(phase)]]
        }),
      ),
    }
  }
}

function attempt<Value>(read: () => Value): Value | UserError {
  try {
    return read()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}
