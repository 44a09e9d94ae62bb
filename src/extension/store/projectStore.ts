import { setImmediate as nextTurn } from 'node:timers/promises'
import * as vscode from 'vscode'
import { UserError, describeUserError } from '../../core/errors.ts'
import type { ExperimentFile } from '../../core/experimentFile.ts'
import { parseProjectOutline } from '../../core/projectOutline.ts'
import type { Project } from '../../core/projectSchema.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import type { ComparedExperiment } from '../../runs/comparison.ts'
import { listExperiments } from '../../runs/experiments.ts'
import { listRuns } from '../../runs/runFolder.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import { readProjectFile, type Workspace } from '../../runs/workspace.ts'
import { compareResults } from './compareResults.ts'
import { Disposables } from './disposables.ts'
import { readAll, readingOfExperiment, readingOfResult, readingOfRun, type Reading } from './projectReader.ts'
import { ProjectWatcher, type FileChange } from './projectWatcher.ts'
import { followRun } from './runFollower.ts'
import { StaleFiles } from './staleFiles.ts'
import { Turns } from './turns.ts'

/** What changed in a project; `runs` names the runs that did, and nothing else did. */
export type StoreChange =
  { readonly type: 'runs'; readonly names: ReadonlySet<string> } | { readonly type: 'everything' }

/** How long events are gathered before lists are told: eyes read no faster. */
const gatherMilliseconds = 200

/**
 * All that the views show of one project, read once and kept up to date: by the file watcher for what others write, by the
 * events of its trainer for a run in training. An event changes one summary; nothing is read again.
 */
export class ProjectStore implements vscode.Disposable {
  readonly workspace: Workspace
  private readonly own = new Disposables()
  private readonly changed = this.own.add(new vscode.EventEmitter<StoreChange>())
  readonly onDidChange = this.changed.event
  private readonly followers = new Map<string, AbortController>()
  private readonly pending = new Set<string>()
  private gathering: NodeJS.Timeout | undefined
  private readonly stale = this.own.add(
    new StaleFiles(() => {
      this.rereadSoon()
    }),
  )
  private isRereading = false
  private readonly summaries = new Map<string, RunSummary>()
  private readonly knownResults = new Map<string, RunResult>()
  private readonly unreadable = new Map<string, UserError>()
  private readonly knownExperiments = new Map<string, ExperimentFile | UserError>()
  private brokenFolder: UserError | undefined
  private compared: ReadonlyMap<string, ComparedExperiment> | UserError | undefined
  private isLoadedNow = false
  private isDisposed = false
  private readonly loading: Promise<void>

  constructor(workspace: Workspace) {
    this.workspace = workspace
    const watcher = this.own.add(new ProjectWatcher(workspace))
    this.own.add(
      watcher.onDidChange((change) => {
        this.takeFile(change)
      }),
    )
    this.loading = this.load()
  }

  /** Resolves when everything has been read for the first time. */
  get loaded(): Promise<void> {
    return this.loading
  }

  get isLoaded(): boolean {
    return this.isLoadedNow
  }

  /** The project file as it is now. @throws UserError with file and line where it is broken */
  project(): Project {
    const { value, locate } = readProjectFile(this.workspace)
    return parseProjectOutline(value, locate)
  }

  /** Names of the experiment files, sorted. */
  experiments(): readonly string[] {
    return listExperiments(this.workspace)
  }

  /** The experiments' own files as last read, by name; what is wrong with one that cannot be read. */
  get experimentFiles(): ReadonlyMap<string, ExperimentFile | UserError> {
    return this.knownExperiments
  }

  /** All runs by name: always this map, kept up to date. */
  get runs(): ReadonlyMap<string, RunSummary> {
    return this.summaries
  }

  /** Results by the name of their run, also of runs that lie on a colleague's machine: always this map. */
  get results(): ReadonlyMap<string, RunResult> {
    return this.knownResults
  }

  /** What is wrong with results that cannot be read, by the name of their run. */
  get unreadableResults(): ReadonlyMap<string, UserError> {
    return this.unreadable
  }

  /** What was wrong with results, or with the folder of runs, that could not be read. */
  get warnings(): readonly string[] {
    const folder = this.brokenFolder === undefined ? [] : [this.brokenFolder]
    return [...folder, ...this.unreadable.values()].map(describeUserError)
  }

  /**
   * Every experiment that has results, against the project's baseline.
   * @throws UserError `split-differs` and those of a broken project file
   */
  comparison(): ReadonlyMap<string, ComparedExperiment> {
    this.compared ??= this.compare()
    if (this.compared instanceof UserError) throw this.compared
    return this.compared
  }

  /** Reads one run again: after its trainer was started, or its folder changed. */
  refreshRun(name: string): void {
    const summary = readingOfRun(this.workspace, name)
    if (summary === undefined) {
      if (!this.summaries.has(name)) return
      this.forget(name)
    } else {
      this.summaries.set(name, summary)
      this.follow(summary)
    }
    this.tell(name)
  }

  dispose(): void {
    this.isDisposed = true
    clearTimeout(this.gathering)
    for (const follower of this.followers.values()) follower.abort()
    this.own.dispose()
  }

  private async load(): Promise<void> {
    // Activation does not wait for the first listing either.
    await nextTurn()
    try {
      for await (const [name, reading] of readAll.experiments(this.workspace)) this.takeExperiment(name, reading)
      for await (const [name, summary] of readAll.runs(this.workspace)) {
        if (this.isDisposed) return
        this.summaries.set(name, summary)
        this.follow(summary)
      }
      for await (const [name, reading] of readAll.results(this.workspace)) this.takeResult(name, reading)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.brokenFolder = error
    }
    // The views shall not wait for it when they draw for the first time.
    await nextTurn()
    this.compared = this.compare()
    this.isLoadedNow = true
    this.changed.fire({ type: 'everything' })
  }

  private compare(): ReadonlyMap<string, ComparedExperiment> | UserError {
    return compareResults(this.knownResults.values(), () => this.project())
  }

  private follow(summary: RunSummary): void {
    const { name, phase } = summary
    if (phase !== 'running' || this.followers.has(name) || this.isDisposed) return
    const follower = new AbortController()
    this.followers.set(name, follower)
    const onChange = (next: RunSummary | undefined): void => {
      if (next === undefined) this.forget(name)
      else this.summaries.set(name, next)
      this.tell(name)
    }
    void followRun(this.workspace, summary, follower.signal, onChange).finally(() => {
      if (this.followers.get(name) === follower) this.followers.delete(name)
      if (!follower.signal.aborted) this.readResultOf(name)
    })
  }

  private forget(name: string): void {
    this.summaries.delete(name)
    this.followers.get(name)?.abort()
    this.followers.delete(name)
  }

  private readResultOf(name: string): void {
    const had = this.knownResults.has(name)
    this.takeResult(name, readingOfResult(this.workspace, name))
    if (had || this.knownResults.has(name)) this.compared = undefined
    this.tell(name)
  }

  private takeResult(name: string, reading: Reading<RunResult>): void {
    this.knownResults.delete(name)
    this.unreadable.delete(name)
    if (reading === undefined) return
    if ('value' in reading) this.knownResults.set(name, reading.value)
    else this.unreadable.set(name, reading.error)
  }

  private takeExperiment(name: string, reading: Reading<ExperimentFile>): void {
    if (reading === undefined) this.knownExperiments.delete(name)
    else this.knownExperiments.set(name, 'value' in reading ? reading.value : reading.error)
  }

  private tell(name: string): void {
    this.pending.add(name)
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined
      const names = new Set(this.pending)
      this.pending.clear()
      this.changed.fire({ type: 'runs', names })
    }, gatherMilliseconds)
  }

  private takeFile(change: FileChange): void {
    if (change.type === 'project') {
      this.compared = undefined
      this.changed.fire({ type: 'everything' })
    } else if (change.type !== 'run' || !this.followers.has(change.name)) {
      this.stale.add(change)
      this.rereadSoon()
    }
  }

  private rereadSoon(): void {
    if (this.isRereading) return
    this.isRereading = true
    void this.reread().finally(() => {
      this.isRereading = false
    })
  }

  /** A checkout or a clean-up changes thousands of files at once: they are read in turns. */
  private async reread(): Promise<void> {
    const { experiments, runs, results } = this.stale
    const turns = new Turns()
    while (!this.isDisposed && !this.stale.isEmpty) {
      const areExperimentsStale = experiments.size > 0
      for (const name of experiments) {
        experiments.delete(name)
        this.takeExperiment(name, readingOfExperiment(this.workspace, name))
        await turns.next()
      }
      if (areExperimentsStale) this.changed.fire({ type: 'everything' })
      for (const name of runs) {
        runs.delete(name)
        this.refreshRun(name)
        await turns.next()
      }
      for (const name of results) {
        results.delete(name)
        this.readResultOf(name)
        await turns.next()
      }
      if (!this.stale.isListStale) continue
      this.stale.isListStale = false
      await this.relist()
    }
  }

  private async relist(): Promise<void> {
    try {
      const runs = new Set(listRuns(this.workspace))
      for (const name of this.summaries.keys()) if (!runs.has(name)) this.forget(name)
      for (const name of runs) if (!this.summaries.has(name)) this.stale.runs.add(name)
      const gone = {
        results: new Set([...this.knownResults.keys(), ...this.unreadable.keys()]),
        experiments: new Set(this.knownExperiments.keys()),
      }
      for await (const [name, reading] of readAll.results(this.workspace)) {
        this.takeResult(name, reading)
        gone.results.delete(name)
      }
      for await (const [name, reading] of readAll.experiments(this.workspace)) {
        this.takeExperiment(name, reading)
        gone.experiments.delete(name)
      }
      for (const name of gone.results) this.takeResult(name, undefined)
      for (const name of gone.experiments) this.takeExperiment(name, undefined)
      this.brokenFolder = undefined
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.brokenFolder = error
    }
    this.compared = undefined
    this.changed.fire({ type: 'everything' })
  }
}
