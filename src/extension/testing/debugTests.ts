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
  /** Debug runs that are shown, by experiment. */
  private readonly running = new Map<string, DebugTestRun>()

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
        (request, token) => this.start(request, token).catch((error: unknown) => showFailure(error, services.log)),
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
      }),
    )
    this.own.add(
      queue.onDidEnd(({ job, outcome }) => {
        // The last verdicts may not have come by the events yet: the folder has them.
        if (outcome.run !== undefined) projects.at(job.root)?.refreshRun(outcome.run)
        const key = keyOf(job.root, job.work.experiment)
        this.running.get(key)?.end(outcome, this.checksOf(job.root, outcome.run))
        this.running.delete(key)
      }),
    )
  }

  dispose(): void {
    for (const run of this.running.values()) run.cancel()
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
    for (const check of debugChecks) {
      const item = this.controller.createTestItem(check.id, check.title, file)
      item.description = check.description
      suite.children.add(item)
    }
    return suite
  }

  private async start(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
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
      const { root, experiment } = placeOf(suite.id)
      const shown = new DebugTestRun(this.controller.createTestRun(request, suite.label), checks)
      this.running.set(suite.id, shown)
      const isAll = checks.length === suite.children.size
      const ids = checks.map(({ id }) => id)
      await this.queue.add(root, [{ kind: 'debug', experiment, fold: 0, ...(isAll ? {} : { checks: ids }) }])
    }
    token.onCancellationRequested(() => {
      for (const suite of suites.keys()) void this.cancel(suite.id)
    })
  }

  private async cancel(key: string): Promise<void> {
    const isMeant = ({ root, work }: Job): boolean => work.kind === 'debug' && keyOf(root, work.experiment) === key
    await this.queue.removeWaiting(isMeant)
    const { active } = this.queue
    if (active !== undefined && isMeant(active)) this.queue.stopActive()
    this.running.get(key)?.cancel()
    this.running.delete(key)
  }

  /** A debug run that a lens, the tree or the palette began is shown too. */
  private show({ root, work }: Job): void {
    if (work.kind !== 'debug') return
    const key = keyOf(root, work.experiment)
    const store = this.services.projects.at(root)
    if (store === undefined || this.running.has(key)) return
    const suite = this.suite(store, work.experiment, this.services.projects.all.length > 1)
    this.controller.items.add(suite)
    const checks = [...suite.children].map(([, item]) => item).filter(({ id }) => work.checks?.includes(id) ?? true)
    const run = this.controller.createTestRun(new vscode.TestRunRequest(checks), suite.label)
    this.running.set(key, new DebugTestRun(run, checks))
  }

  private advance(store: ProjectStore, name: string): void {
    const { active } = this.queue
    if (active === undefined || this.queue.runOf(active) !== name) return
    const shown = this.running.get(keyOf(store.workspace.root, active.work.experiment))
    shown?.show(this.checksOf(store.workspace.root, name))
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
