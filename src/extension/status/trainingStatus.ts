import * as vscode from 'vscode'
import { timeLeft } from '../../protocol/runState.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import type { Services, Target } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import type { Job } from '../supervisor/job.ts'
import type { EndedJob, TrainerQueue } from '../supervisor/trainerQueue.ts'
import { durationText, scoreText } from '../texts.ts'

/** The status bar item of the run in training, and one message when it has ended. */
export class TrainingStatus implements vscode.Disposable {
  private readonly own = new Disposables()
  private readonly services: Services
  private readonly queue: TrainerQueue
  private readonly item = this.own.add(
    vscode.window.createStatusBarItem('foldwise.training', vscode.StatusBarAlignment.Left, 10),
  )
  /** From where the pace of the run is measured: compiling and a resumed part must not count. */
  private pace: { readonly run: string; readonly step: number; readonly milliseconds: number } | undefined

  constructor(services: Services, queue: TrainerQueue) {
    this.services = services
    this.queue = queue
    this.item.name = vscode.l10n.t('Foldwise training')
    const { projects } = services
    this.own.add(
      queue.onDidChange(() => {
        this.show()
      }),
    )
    this.own.add(
      projects.onDidChangeWithin(() => {
        this.show()
      }),
    )
    this.own.add(queue.onDidBegin(({ job, run }) => projects.at(job.root)?.refreshRun(run)))
    this.own.add(queue.onDidEnd((ended) => void this.tell(ended)))
    this.show()
  }

  dispose(): void {
    this.own.dispose()
  }

  private show(): void {
    const running = this.runningRuns()
    const first = running.at(0)
    const job = this.queue.active
    if (running.length === 0 && job === undefined) {
      this.item.hide()
      return
    }
    const waiting = this.queue.jobs.filter(({ process }) => process === undefined).length
    const more = waiting === 0 ? '' : ` +${waiting}`
    this.item.text = `$(sync~spin) ${first !== undefined ? this.progressText(first.run) : startingText(job)}${more}`
    this.item.tooltip = this.tooltip(first?.run, waiting)
    this.item.accessibilityInformation = {
      label: vscode.l10n.t(
        'Foldwise trains {0}',
        first !== undefined ? this.progressText(first.run) : startingText(job),
      ),
    }
    const target: Target | undefined = first && { root: first.root, run: first.run.name }
    this.item.command = {
      command: 'foldwise.stop',
      title: vscode.l10n.t('Stop Training'),
      arguments: target === undefined ? [] : [target],
    }
    this.item.show()
  }

  /** Running runs of all projects, ours first. */
  private runningRuns(): readonly { readonly root: string; readonly run: RunSummary }[] {
    const active = this.queue.active
    const ours = active && this.queue.runOf(active)
    return this.services.projects.all
      .flatMap((store) =>
        [...store.runs.values()]
          .filter(({ phase }) => phase === 'running')
          .map((run) => ({ root: store.workspace.root, run })),
      )
      .sort((a, b) => Number(b.run.name === ours) - Number(a.run.name === ours))
  }

  private progressText(run: RunSummary): string {
    const { started, step, epoch } = run.progress
    if (started === undefined) return run.name
    const left = this.left(run)
    const epochs = `${Math.min(epoch + 1, started.epochs)}/${started.epochs}`
    const share =
      started.stepsPerEpoch === 0 ? '' : ` ${Math.floor((100 * step) / (started.stepsPerEpoch * started.epochs))} %`
    return `${run.name} ${vscode.l10n.t('epoch {0}', epochs)}${share}${left === undefined ? '' : `, ${vscode.l10n.t('{0} left', left)}`}`
  }

  private left(run: RunSummary): string | undefined {
    const { step } = run.progress
    if (step === 0) return undefined
    if (this.pace?.run !== run.name || step < this.pace.step)
      this.pace = { run: run.name, step, milliseconds: Date.now() }
    const left = timeLeft(run.progress, this.pace, Date.now())
    return left === undefined ? undefined : durationText(left)
  }

  private tooltip(run: RunSummary | undefined, waiting: number): string {
    const lines =
      run === undefined ? [] : [`${run.name}: ${run.progress.phase ?? ''} · ${run.progress.started?.device ?? ''}`]
    const score = run?.progress.valid?.mIoU
    if (score !== undefined) lines.push(`mIoU ${scoreText(score)}`)
    const device = vscode.workspace.getConfiguration('foldwise').get('device', 'auto')
    lines.push(vscode.l10n.t('Device setting: {0}', device))
    if (waiting > 0) lines.push(vscode.l10n.t('{0} more in the queue', waiting))
    lines.push(vscode.l10n.t('Select to stop.'))
    return lines.join('\n')
  }

  private async tell({ job, outcome }: EndedJob): Promise<void> {
    const { run } = outcome
    const target: Target = { root: job.root, experiment: job.work.experiment, ...(run === undefined ? {} : { run }) }
    if (run !== undefined) this.services.projects.at(job.root)?.refreshRun(run)
    const name = run ?? job.work.experiment
    switch (outcome.state) {
      case 'finished':
        await offer(vscode.window.showInformationMessage, vscode.l10n.t('{0} is trained.', name), target, [
          'openOverlay',
          'openCurves',
        ])
        return
      case 'stopped':
        await offer(
          vscode.window.showInformationMessage,
          vscode.l10n.t('{0} has stopped, with a checkpoint.', name),
          target,
          ['resume'],
        )
        return
      case 'failed': {
        const message = [outcome.message, outcome.hint].filter((each) => each !== undefined).join(' ')
        this.services.log.error(`${name}: ${message}`)
        const isResumable =
          run !== undefined &&
          this.services.projects.at(job.root)?.runs.get(run)?.progress.checkpoints.last !== undefined
        await offer(
          vscode.window.showErrorMessage,
          vscode.l10n.t('{0} failed: {1}', name, message),
          target,
          isResumable ? ['resume', 'showLog'] : ['showLog'],
        )
        return
      }
      default:
        return outcome.state satisfies never
    }
  }
}

type Show = (message: string, ...items: string[]) => Thenable<string | undefined>
type Offered = 'openOverlay' | 'openCurves' | 'resume' | 'showLog'

async function offer(show: Show, message: string, target: Target, commands: readonly Offered[]): Promise<void> {
  const titles: Readonly<Record<Offered, string>> = {
    openOverlay: vscode.l10n.t('Open Overlay'),
    openCurves: vscode.l10n.t('Open Curves'),
    resume: vscode.l10n.t('Resume'),
    showLog: vscode.l10n.t('Show Log'),
  }
  const chosen = await show(message, ...commands.map((command) => titles[command]))
  const command = commands.find((each) => titles[each] === chosen)
  if (command !== undefined) await vscode.commands.executeCommand(`foldwise.${command}`, target)
}

function startingText(job: Job | undefined): string {
  return job === undefined ? '' : vscode.l10n.t('{0} is starting', job.work.experiment)
}
