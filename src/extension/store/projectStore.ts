import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Project } from '../../core/project.ts'
import { recordedConfig } from '../../core/recordedConfig.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import { parseRunName } from '../../protocol/runName.ts'
import { compareExperiments, lastAttempts, type ComparedExperiment } from '../../runs/comparison.ts'
import { listExperiments } from '../../runs/experiments.ts'
import { listResults, readResult } from '../../runs/results.ts'
import { listRuns } from '../../runs/runFolder.ts'
import { readRunSummary, type RunSummary } from '../../runs/runSummary.ts'
import { readProject, type Workspace } from '../../runs/workspace.ts'
import { Disposables } from './disposables.ts'
import { followRun } from './runFollower.ts'

/** What changed in a project; `runs` names the runs that did, and nothing else did. */
export type StoreChange =
  { readonly type: 'runs'; readonly names: ReadonlySet<string> } | { readonly type: 'everything' }

/** How long events are gathered before lists are told: eyes read no faster. */
const gatherMilliseconds = 200
/** Summaries read before the host gets a turn: some 10 ms. */
const chunkLength = 50

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
  private summaries = new Map<string, RunSummary>()
  private knownResults = new Map<string, RunResult>()
  private knownWarnings: readonly string[] = []
  private compared: ReadonlyMap<string, ComparedExperiment> | UserError | undefined
  private isLoadedNow = false
  private readonly loading: Promise<void>

  constructor(workspace: Workspace) {
    this.workspace = workspace
    this.watch()
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
    return readProject(this.workspace).project
  }

  /** Names of the experiment files, sorted. */
  experiments(): readonly string[] {
    return listExperiments(this.workspace)
  }

  /** All runs by name. The same map until something changes. */
  get runs(): ReadonlyMap<string, RunSummary> {
    return this.summaries
  }

  /** Results by the name of their run, also of runs that lie on a colleague's machine. */
  get results(): ReadonlyMap<string, RunResult> {
    return this.knownResults
  }

  /** What was wrong with results that could not be read. */
  get warnings(): readonly string[] {
    return this.knownWarnings
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
    const before = this.summaries.get(name)
    try {
      const summary = readRunSummary(this.workspace, name)
      this.summaries.set(name, summary)
      this.follow(summary)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.forget(name)
      if (before === undefined) return
    }
    this.tell(name)
  }

  dispose(): void {
    clearTimeout(this.gathering)
    for (const follower of this.followers.values()) follower.abort()
    this.own.dispose()
  }

  private async load(): Promise<void> {
    const names = listRuns(this.workspace)
    for (const [index, name] of names.entries()) {
      if (index % chunkLength === chunkLength - 1) await new Promise(setImmediate)
      try {
        const summary = readRunSummary(this.workspace, name)
        this.summaries.set(name, summary)
        this.follow(summary)
      } catch (error) {
        // The folder went away in between.
        if (!(error instanceof UserError)) throw error
      }
    }
    this.readResults()
    this.isLoadedNow = true
    this.changed.fire({ type: 'everything' })
  }

  private readResults(): void {
    const { results, warnings } = listResults(this.workspace)
    this.knownResults = new Map(results.map((result) => [result.run, result]))
    this.knownWarnings = warnings
    this.compared = undefined
  }

  private compare(): ReadonlyMap<string, ComparedExperiment> | UserError {
    try {
      const { baseline, primary_metric: metric } = this.project()
      const results = [...this.knownResults.values()]
      const names = new Set(results.map(({ experiment }) => experiment))
      const groups = new Map(Array.from(names, (name) => [name, lastAttempts(results, name)]))
      const compared = compareExperiments(groups, baseline, metric, recordedConfig)
      return new Map(compared.map((experiment) => [experiment.name, experiment]))
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }

  private follow(summary: RunSummary): void {
    const { name, phase } = summary
    if (phase !== 'running' || this.followers.has(name)) return
    const follower = new AbortController()
    this.followers.set(name, follower)
    const onChange = (next: RunSummary | undefined): void => {
      if (next === undefined) this.forget(name)
      else this.summaries.set(name, next)
      this.tell(name)
    }
    void followRun(this.workspace, summary, follower.signal, onChange).finally(() => {
      this.followers.delete(name)
      if (!follower.signal.aborted) this.readResultOf(name)
    })
  }

  private forget(name: string): void {
    this.summaries.delete(name)
    this.followers.get(name)?.abort()
    this.followers.delete(name)
  }

  private readResultOf(name: string): void {
    try {
      this.knownResults.set(name, readResult(this.workspace, name))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.knownResults.delete(name)
    }
    this.compared = undefined
    this.tell(name)
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

  private watch(): void {
    const root = vscode.Uri.file(this.workspace.root)
    const watcher = (pattern: string, onChange: (path: string) => void): void => {
      const files = this.own.add(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(root, pattern)))
      const tell = (uri: vscode.Uri): void => {
        onChange(uri.path)
      }
      this.own.add(files.onDidCreate(tell))
      this.own.add(files.onDidChange(tell))
      this.own.add(files.onDidDelete(tell))
    }
    watcher('foldwise/{project.jsonc,experiments/*.jsonc}', () => {
      this.compared = undefined
      this.changed.fire({ type: 'everything' })
    })
    watcher('foldwise/results/*.json', (path) => {
      const name = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
      if (parseRunName(name) !== undefined) this.readResultOf(name)
    })
    // A run is new, taken up again, or gone. What happens within it is told by its events.
    watcher('foldwise/runs/*{,/lock,/run.json}', (path) => {
      const name = /\/foldwise\/runs\/([^/]+)/.exec(path)?.[1]
      if (name !== undefined && parseRunName(name) !== undefined && !this.followers.has(name)) this.refreshRun(name)
    })
    // Deleting the folder tells of the folder alone.
    watcher('foldwise{,/runs,/results,/experiments}', () => {
      this.forgetDeleted()
    })
  }

  private forgetDeleted(): void {
    const there = new Set(listRuns(this.workspace))
    for (const name of this.summaries.keys()) if (!there.has(name)) this.forget(name)
    this.readResults()
    this.changed.fire({ type: 'everything' })
  }
}
