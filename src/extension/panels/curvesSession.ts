import { UserError, describeUserError } from '../../core/errors.ts'
import {
  runKey,
  type AppendedColumns,
  type CurvesSelection,
  type RunId,
  type RunFacts,
  type ToCurves,
} from '../../protocol/curvesMessages.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { RecordedRuns, curvesProject, factsOf } from './curveFacts.ts'
import { CurveFeed } from './curveFeed.ts'
import { shownRuns, withRuns, type ShownRun } from './shownRuns.ts'

/** How long events are gathered before the view is told: it draws no faster. */
const gatherMilliseconds = 100

/** What a session needs of an open project. */
export type SessionStore = Pick<ProjectStore, 'workspace' | 'runs' | 'results' | 'project'>

interface FollowedRun {
  readonly feed: CurveFeed
  /** As last told. */
  facts: RunFacts
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
  private readonly followed = new Map<string, FollowedRun>()
  private chosen: CurvesSelection
  private shownNow: readonly ShownRun[] = []
  private isListening = false
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
    this.send = send
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
    this.isListening = false
    this.refresh()
    const runs = [...this.followed.values()].map(({ feed, facts }) => ({ facts, columns: feed.recorder.all() }))
    this.isListening = true
    this.send({ type: 'hydrate', selection: this.chosen, runs })
  }

  /** The view is hidden: VS Code discards its page, and makes a new one when it is shown again. */
  pause(): void {
    this.isListening = false
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
    if (this.isListening) this.send({ type: 'selection', selection })
    this.refresh()
  }

  /** Looks which runs there are, and how they stand. */
  refresh(): void {
    const projects = this.stores().map(curvesProject)
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

  private update(workspace: SessionStore['workspace'], { id, summary }: ShownRun, facts: RunFacts): void {
    const known = this.followed.get(runKey(id))
    if (known === undefined) {
      const feed = new CurveFeed(workspace, id, () => {
        this.noteNews(id)
      })
      this.followed.set(runKey(id), { feed, facts, hasNews: false })
      if (this.isListening) this.send({ type: 'add', run: { facts, columns: feed.recorder.all() } })
      this.follow(feed, summary.phase === 'running')
      return
    }
    this.follow(known.feed, summary.phase === 'running')
    if (JSON.stringify(facts) === JSON.stringify(known.facts)) return
    known.facts = facts
    if (this.isListening) this.send({ type: 'facts', facts })
  }

  private follow(feed: CurveFeed, isRunning: boolean): void {
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
    if (this.isListening) this.send({ type: 'facts', facts: known.facts })
  }

  private drop(id: RunId, reason: 'deleted' | 'deselected'): void {
    const known = this.followed.get(runKey(id))
    if (known === undefined) return
    known.feed.pause()
    this.followed.delete(runKey(id))
    this.recorded.forget(id.root, id.run)
    if (this.isListening) this.send({ type: 'remove', run: id, reason })
  }

  private noteNews(id: RunId): void {
    const known = this.followed.get(runKey(id))
    if (known === undefined) return
    known.hasNews = true
    if (this.isListening)
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
