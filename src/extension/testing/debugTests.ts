import * as vscode from 'vscode'
import { debugChecks } from '../../protocol/debugChecks.ts'
import { experimentPath } from '../../runs/experiments.ts'
import { checkTrust } from '../commands/choose.ts'
import { showFailure } from '../failure.ts'
import type { Services } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import type { Job } from '../supervisor/job.ts'
import type { TrainerQueue } from '../supervisor/trainerQueue.ts'
import { DebugTestRun } from './debugTestRun.ts'

/** The Testing view: every experiment is a suite, every check of a debug run a test in it. */
export class DebugTests implements vscode.Disposable {
  private readonly own = new Disposables()
  private readonly services: Services
  private readonly queue: TrainerQueue
  private readonly controller = this.own.add(
    vscode.tests.createTestController('foldwise', vscode.l10n.t('Foldwise debug runs')),
  )
  /** Whether somebody looks: the suites of thousands of experiments cost a second. */
  private isLookedAt = false
  /** Debug runs that wait or run, by the id of their job: one experiment may have several. */
  private readonly shown = new Map<string, DebugTestRun>()

  constructor(services: Services, queue: TrainerQueue) {
    this.services = services
    this.queue = queue
    const { projects } = services
    this.controller.resolveHandler = (item) => {
      if (item !== undefined) return
      this.isLookedAt = true
      this.refresh()
    }
    this.controller.refreshHandler = () => {
      this.refresh()
    }
    const run = vscode.TestRunProfileKind.Run
    this.own.add(
      this.controller.createRunProfile(
        vscode.l10n.t('Debug Run'),
        run,
        (request) => this.start(request).catch((error: unknown) => showFailure(error, services.log)),
        true,
      ),
    )
    this.own.add(
      projects.onDidChange(() => {
        this.refresh()
      }),
    )
    this.own.add(
      projects.onDidChangeWithin(({ store, change }) => {
        if (change.type === 'everything') this.refresh()
        else for (const name of change.names) this.advance(store, name)
      }),
    )
    this.own.add(
      queue.onDidBegin(({ job }) => {
        this.show(job)
        this.shown.get(job.id)?.begin()
      }),
    )
    this.own.add(
      queue.onDidEnd(({ job, outcome, dropped }) => {
        // The last verdicts may not have come by the events yet: the folder has them.
        if (outcome.run !== undefined) projects.at(job.root)?.refreshRun(outcome.run)
        this.take(job.id)?.end(outcome, this.checksOf(job.root, outcome.run))
        for (const { id } of dropped) this.take(id)?.end(outcome, { folder: undefined, checks: [] })
      }),
    )
    this.own.add(
      queue.onDidChange(() => {
        // Of a job that ended by itself, the event follows at once.
        queueMicrotask(() => {
          this.leaveRemoved()
        })
      }),
    )
  }

  dispose(): void {
    for (const run of this.shown.values()) run.cancel()
    this.own.dispose()
  }

  /** One item per experiment, one below it per check; those that are there stay, with what is known of them. */
  private refresh(): void {
    if (!this.isLookedAt) return
    const { all } = this.services.projects
    const suites = all.flatMap((store) =>
      store.experiments().map((experiment) => this.suite(store, experiment, all.length > 1)),
    )
    this.controller.items.replace(suites)
  }

  private suite({ workspace }: ProjectStore, experiment: string, isOneOfSeveral: boolean): vscode.TestItem {
    const id = keyOf(workspace.root, experiment)
    const known = this.controller.items.get(id)
    if (known !== undefined) return known
    const file = vscode.Uri.file(experimentPath(workspace, experiment))
    const suite = this.controller.createTestItem(id, experiment, file)
    suite.range = new vscode.Range(0, 0, 0, 0)
    if (isOneOfSeveral) suite.description = vscode.workspace.asRelativePath(workspace.root)
    for (const [index, check] of debugChecks.entries()) {
      const item = this.controller.createTestItem(check.id, check.title, file)
      item.description = check.description
      // As they run, not by the alphabet.
      item.sortText = String(index)
      suite.children.add(item)
    }
    return suite
  }

  private async start(request: vscode.TestRunRequest): Promise<void> {
    checkTrust()
    const wanted = request.include ?? [...this.controller.items].map(([, item]) => item)
    const excluded = new Set(request.exclude)
    const suites = new Map<vscode.TestItem, vscode.TestItem[]>()
    for (const item of wanted) {
      const suite = item.parent ?? item
      const chosen = item.parent === undefined ? [...item.children].map(([, child]) => child) : [item]
      suites.set(suite, [...(suites.get(suite) ?? []), ...chosen.filter((each) => !excluded.has(each))])
    }
    for (const [suite, checks] of suites) {
      if (checks.length === 0) continue
      const { root, experiment } = placeOf(suite.id)
      const isAll = checks.length === suite.children.size
      const ids = checks.map(({ id }) => id)
      const [job] = await this.queue.add(root, [
        { kind: 'debug', experiment, fold: 0, ...(isAll ? {} : { checks: ids }) },
      ])
      this.follow(job, this.controller.createTestRun(request, suite.label), checks)
    }
  }

  private follow({ id }: Job, run: vscode.TestRun, checks: readonly vscode.TestItem[]): void {
    this.shown.set(id, new DebugTestRun(run, checks))
    run.token.onCancellationRequested(() => {
      this.cancel(id).catch((error: unknown) => showFailure(error, this.services.log))
    })
  }

  private async cancel(id: string): Promise<void> {
    this.take(id)?.cancel()
    await this.queue.removeWaiting((job) => job.id === id)
    if (this.queue.active?.id === id) this.queue.stopActive()
  }

  private take(id: string): DebugTestRun | undefined {
    const run = this.shown.get(id)
    this.shown.delete(id)
    return run
  }

  /** Somebody took them out of the queue before they began, or another window saw their end. */
  private leaveRemoved(): void {
    const known = new Set(this.queue.jobs.map(({ id }) => id))
    for (const id of this.shown.keys()) if (!known.has(id)) this.take(id)?.cancel()
  }

  /** A debug run that a lens, the tree or the palette began is shown too. */
  private show(job: Job): void {
    const { root, work } = job
    const store = this.services.projects.at(root)
    if (work.kind !== 'debug' || store === undefined || this.shown.has(job.id)) return
    const suite = this.suite(store, work.experiment, this.services.projects.all.length > 1)
    this.controller.items.add(suite)
    const checks = [...suite.children].map(([, item]) => item).filter(({ id }) => work.checks?.includes(id) ?? true)
    this.follow(job, this.controller.createTestRun(new vscode.TestRunRequest(checks), suite.label), checks)
  }

  private advance({ workspace: { root } }: ProjectStore, name: string): void {
    const { active } = this.queue
    if (active?.root !== root || this.queue.runOf(active) !== name) return
    this.shown.get(active.id)?.show(this.checksOf(root, name))
  }

  private checksOf(root: string, run: string | undefined): Parameters<DebugTestRun['show']>[0] {
    const store = this.services.projects.at(root)
    if (run === undefined || store === undefined) return { folder: undefined, checks: [] }
    const folder = vscode.Uri.joinPath(vscode.Uri.file(root), 'foldwise', 'runs', run)
    return { folder, checks: store.runs.get(run)?.progress.checks ?? [] }
  }
}

const separator = '\n'

/** Neither a path nor the name of an experiment holds a line break. */
function keyOf(root: string, experiment: string): string {
  return `${root}${separator}${experiment}`
}

function placeOf(key: string): { readonly root: string; readonly experiment: string } {
  const [root, experiment] = key.split(separator)
  return { root, experiment }
}
