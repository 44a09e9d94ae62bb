import { UserError, describeUserError } from '../../core/errors.ts'
import {
  runKey,
  type AppendedColumns,
  type CurvesSelection,
  type RunId,
  type RunFacts,
  type ToCurves,
} from '../../protocol/curvesMessages.ts'
import { parseRunName } from '../../protocol/runName.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { RecordedRuns, factsOf, projectSettings, type CurvesProject, type ProjectSettings } from './curveFacts.ts'
import { CurveFeed } from './curveFeed.ts'
import { packed } from './packedColumns.ts'
import { shownRuns, withRuns, type ShownRun } from './shownRuns.ts'

/** How long events are gathered before the view is told: it draws no faster. */
const gatherMilliseconds = 100

/** What a session needs of an open project. */
export type SessionStore = Pick<ProjectStore, 'workspace' | 'runs' | 'results' | 'project'>

interface FollowedRun {
  readonly feed: CurveFeed
  /** As last told. */
  facts: RunFacts
  /** Of the last event, as last seen. */
  lastTime: string | undefined
  hasNews: boolean
}

/**
 * What one view of curves is told: everything once it is ready, then what changes. Numbers stay known while it is hidden, so
 * that it is told everything again without reading the histories again.
 */
export class CurvesSession {
  private readonly stores: () => readonly SessionStore[]
  private readonly send: (message: ToCurves) => void
  private readonly onFailure: (error: unknown) => void
  private readonly recorded = new RecordedRuns()
  /** Read once until a project changes: runs in training are looked at several times a second. */
  private readonly settings = new Map<SessionStore, ProjectSettings>()
  private readonly followed = new Map<string, FollowedRun>()
  private chosen: CurvesSelection
  private shownNow: readonly ShownRun[] = []
  /** While it is hidden nothing is followed; while it begins it is told everything at the end. */
  private view: 'hidden' | 'begins' | 'listens' = 'hidden'
  private gathering: NodeJS.Timeout | undefined
  /** Histories are read one after the other: all at once they would fill the memory. */
  private histories: Promise<void> = Promise.resolve()

  constructor(
    selection: CurvesSelection,
    stores: () => readonly SessionStore[],
    send: (message: ToCurves) => void,
    onFailure: (error: unknown) => void,
  ) {
    this.chosen = selection
    this.stores = stores
    this.send = (message) => {
      send(packed(message))
    }
    this.onFailure = onFailure
  }

  get selection(): CurvesSelection {
    return this.chosen
  }

  /** The runs that are shown now, references included. */
  get shown(): readonly ShownRun[] {
    return this.shownNow
  }

  /** The view is there and knows nothing. */
  begin(): void {
    this.view = 'begins'
    this.refresh()
    const runs = this.shownNow.map(({ id }) => {
      const { feed, facts } = this.followed.get(runKey(id))!
      return { facts, columns: feed.recorder.all() }
    })
    this.view = 'listens'
    this.send({ type: 'hydrate', selection: this.chosen, runs })
  }

  /** The view is hidden: VS Code discards its page, and makes a new one when it is shown again. */
  pause(): void {
    this.view = 'hidden'
    clearTimeout(this.gathering)
    this.gathering = undefined
    for (const { feed } of this.followed.values()) feed.pause()
  }

  /** Shows these runs as well. @param now ISO-8601 UTC */
  addRuns(runs: readonly RunId[], now: string): void {
    this.select(withRuns(this.chosen, this.shownNow, runs, now))
  }

  select(selection: CurvesSelection): void {
    this.chosen = selection
    if (this.view === 'listens') this.send({ type: 'selection', selection })
    this.refresh()
  }

  /** A project came, went or changed. */
  refreshProjects(): void {
    this.settings.clear()
    this.refresh()
  }

  /** These runs of a project changed. */
  refreshRuns(root: string, names: ReadonlySet<string>): void {
    const project = this.projects().find((each) => each.root === root)
    const experiments = this.shownNow
      .filter(({ id }) => id.root === root)
      .map(({ summary }) => summary.identity.experiment)
    const concerned = new Set([...experiments, project?.baseline])
    if ([...names].some((name) => concerned.has(parseRunName(name)?.experiment))) this.refresh()
  }

  /** Looks which runs there are, and how they stand. */
  private refresh(): void {
    const projects = this.projects()
    const before = new Map(this.shownNow.map((run) => [runKey(run.id), run]))
    this.shownNow = shownRuns(this.chosen, projects)
    for (const shown of this.shownNow) {
      const project = projects.find(({ root }) => root === shown.id.root)!
      this.update(project.workspace, shown, factsOf(project, shown, this.recorded))
      before.delete(runKey(shown.id))
    }
    for (const { id } of before.values()) {
      const isThere = projects.some(({ root, runs }) => root === id.root && runs.has(id.run))
      this.drop(id, isThere ? 'deselected' : 'deleted')
    }
  }

  private projects(): readonly CurvesProject[] {
    return this.stores().map((store) => {
      const settings = this.settings.get(store) ?? projectSettings(store)
      this.settings.set(store, settings)
      const { workspace, runs, results } = store
      return { root: workspace.root, workspace, runs, results, ...settings }
    })
  }

  private update(workspace: SessionStore['workspace'], { id, summary }: ShownRun, facts: RunFacts): void {
    const known = this.followed.get(runKey(id))
    const { lastTime } = summary.progress
    if (known === undefined) {
      const feed = new CurveFeed(workspace, id, () => {
        this.noteNews(id)
      })
      this.followed.set(runKey(id), { feed, facts, lastTime, hasNews: false })
      if (this.view === 'listens') this.send({ type: 'add', run: { facts, columns: feed.recorder.all() } })
      this.follow(feed, summary.phase === 'running')
      return
    }
    if (lastTime !== known.lastTime) known.feed.expectMore()
    known.lastTime = lastTime
    this.follow(known.feed, summary.phase === 'running')
    if (JSON.stringify(facts) === JSON.stringify(known.facts)) return
    known.facts = facts
    if (this.view === 'listens') this.send({ type: 'facts', facts })
  }

  private follow(feed: CurveFeed, isRunning: boolean): void {
    if (this.view === 'hidden') return
    const told = (reading: Promise<void>): Promise<void> =>
      reading.catch((error: unknown) => {
        // A run that was deleted this moment goes with the next refresh; what else cannot be read stands beside its name.
        if (error instanceof UserError) this.tellTrouble(feed.id, error)
        else this.onFailure(error)
      })
    if (isRunning) void told(feed.follow(true))
    else this.histories = this.histories.then(() => told(feed.follow(false)))
  }

  private tellTrouble(id: RunId, error: UserError): void {
    const known = this.followed.get(runKey(id))
    if (known === undefined || error.details.code === 'unknown-run') return
    known.facts = { ...known.facts, trouble: describeUserError(error) }
    if (this.view === 'listens') this.send({ type: 'facts', facts: known.facts })
  }

  private drop(id: RunId, reason: 'deleted' | 'deselected'): void {
    const known = this.followed.get(runKey(id))
    if (known === undefined) return
    known.feed.pause()
    this.followed.delete(runKey(id))
    this.recorded.forget(id.root, id.run)
    if (this.view === 'listens') this.send({ type: 'remove', run: id, reason })
  }

  private noteNews(id: RunId): void {
    const known = this.followed.get(runKey(id))
    if (known === undefined) return
    known.hasNews = true
    if (this.view === 'listens')
      this.gathering ??= setTimeout(() => {
        this.gathering = undefined
        this.tellNews()
      }, gatherMilliseconds)
  }

  private tellNews(): void {
    const appended: AppendedColumns[] = []
    for (const known of this.followed.values()) {
      if (!known.hasNews) continue
      known.hasNews = false
      const news = known.feed.recorder.news()
      const { id: run } = known.feed
      if (news?.rewind !== undefined) this.send({ type: 'rewind', run, ...news.rewind })
      if (news?.columns !== undefined) appended.push({ run, columns: news.columns })
    }
    if (appended.length > 0) this.send({ type: 'append', appended })
  }
}
