import * as vscode from 'vscode'
import type { RunSummary } from '../../runs/runSummary.ts'
import { showFailure } from '../failure.ts'
import type { Services, Target } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import type { TrainerQueue } from '../supervisor/trainerQueue.ts'
import { factsOf, paceOf, type Pace } from './runFacts.ts'
import { spokenStatus, statusText, statusTooltip, type StatusSubject } from './statusTexts.ts'

/** The status bar item of the run in training, and one message when it has ended. */
export class TrainingStatus implements vscode.Disposable {
  private readonly own = new Disposables()
  private readonly services: Services
  private readonly queue: TrainerQueue
  private readonly item = this.own.add(
    vscode.window.createStatusBarItem('training', vscode.StatusBarAlignment.Left, 10),
  )
  private pace: Pace | undefined

  constructor(services: Services, queue: TrainerQueue) {
    this.services = services
    this.queue = queue
    this.item.name = vscode.l10n.t('Foldwise training')
    const { projects, log } = services
    const show = (): void => {
      this.show()
    }
    this.own.add(queue.onDidChange(show))
    this.own.add(projects.onDidChangeWithin(show))
    this.own.add(projects.onDidChange(show))
    this.own.add(queue.onDidBegin(({ job, run }) => projects.at(job.root)?.refreshRun(run)))
    this.own.add(
      queue.onDidEnd((ended) => {
        void import('./endMessages.ts')
          .then(({ showEnd }) => showEnd(services, ended))
          .catch((error: unknown) => showFailure(error, log))
      }),
    )
    this.own.add(queue.onDidTrouble((error) => void showFailure(error, log)))
    this.show()
  }

  dispose(): void {
    this.own.dispose()
  }

  private show(): void {
    const { active } = this.queue
    const waiting = this.queue.jobs.filter(({ process }) => process === undefined)
    const ours = active && this.queue.runOf(active)
    const running = this.runningRuns(active?.root, ours)
    // While our own trainer starts, its job is the news, not a run of somebody else's.
    const first = active !== undefined && running.at(0)?.run.name !== ours ? undefined : running.at(0)
    if (first === undefined && active === undefined && waiting.length === 0) {
      this.item.hide()
      return
    }
    if (first !== undefined) this.pace = paceOf(this.pace, first.root, first.run)
    const others = running.filter((each) => each !== first).map(({ run }) => run.name)
    const facts = first && factsOf(first.run, this.pace)
    this.render({ facts, job: active, others, waiting }, first)
  }

  private render(subject: StatusSubject, first: { readonly root: string; readonly run: RunSummary } | undefined): void {
    const device = vscode.workspace.getConfiguration('foldwise').get('device', 'auto')
    this.item.text = statusText(subject)
    this.item.tooltip = new vscode.MarkdownString(statusTooltip(subject, first?.run, device))
    this.item.accessibilityInformation = { label: spokenStatus(subject), role: 'button' }
    const target: Target | undefined = first && { root: first.root, run: first.run.name }
    this.item.command = {
      command: 'foldwise.trainingMenu',
      title: vscode.l10n.t('Training'),
      arguments: target === undefined ? [] : [target],
    }
    this.item.show()
  }

  /** Running runs of all projects, ours first. */
  private runningRuns(
    root: string | undefined,
    ours: string | undefined,
  ): readonly { readonly root: string; readonly run: RunSummary }[] {
    const isOurs = (each: { readonly root: string; readonly run: RunSummary }): boolean =>
      each.root === root && each.run.name === ours
    return this.services.projects.all
      .flatMap((store) =>
        [...store.runs.values()]
          .filter(({ phase }) => phase === 'running')
          .map((run) => ({ root: store.workspace.root, run })),
      )
      .sort((a, b) => Number(isOurs(b)) - Number(isOurs(a)))
  }
}
