import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import { trainerArguments, type Job, type Outcome, type Work } from './job.ts'
import { outcomeIn, runIn } from './jobLog.ts'
import type { QueueFile } from './queueFile.ts'
import { isRunning, startTrainer } from './trainerProcess.ts'

/** How often a trainer is looked after. Its events come by another way; this is only for its birth and death. */
const lookMilliseconds = 500

export interface EndedJob {
  readonly job: Job
  readonly outcome: Outcome
}

/**
 * Trains one job after another. The trainers are processes of their own: closing or reloading the window, or a crash of
 * the host, leaves them running, and the next window takes the queue up where it stands.
 */
export class TrainerQueue implements vscode.Disposable {
  private readonly file: QueueFile
  private readonly program: string
  private readonly changed = new vscode.EventEmitter<void>()
  readonly onDidChange = this.changed.event
  private readonly began = new vscode.EventEmitter<{ readonly job: Job; readonly run: string }>()
  /** A trainer made its run folder. */
  readonly onDidBegin = this.began.event
  private readonly ended = new vscode.EventEmitter<EndedJob>()
  readonly onDidEnd = this.ended.event
  private known: readonly Job[] = []
  private readonly runs = new Map<string, string>()
  private readonly timer: NodeJS.Timeout
  private looking: Promise<void> = Promise.resolve()

  /** @param program path of the built command line */
  constructor(file: QueueFile, program: string) {
    this.file = file
    this.program = program
    this.known = file.read()
    this.timer = setInterval(() => {
      this.look()
    }, lookMilliseconds)
  }

  /** All jobs, the one in training first. */
  get jobs(): readonly Job[] {
    return this.known
  }

  get active(): Job | undefined {
    return this.known.find(({ process }) => process !== undefined)
  }

  /** Name of the run that a job trains; undefined before its trainer made it. */
  runOf({ id }: Job): string | undefined {
    return this.runs.get(id)
  }

  /** Puts work at the end of the queue, and starts it when nothing else trains. */
  async add(root: string, works: readonly Work[]): Promise<void> {
    const jobs = works.map((work) => ({ id: randomUUID(), root, work }))
    this.take(await this.file.change((known) => [...known, ...jobs]))
    this.look()
  }

  /** Takes jobs out that have not begun. */
  async removeWaiting(isMeant: (job: Job) => boolean = () => true): Promise<void> {
    this.take(await this.file.change((known) => known.filter((job) => job.process !== undefined || !isMeant(job))))
  }

  /** Asks the trainer of the active job to stop after its step, with a checkpoint. */
  stopActive(): void {
    const job = this.active
    if (job?.process === undefined) return
    const run = this.runOf(job)
    try {
      if (run !== undefined) {
        RunFolder.open({ root: job.root }, run).request('stop')
        return
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
    }
    // It has no run folder, or none any more: a signal stops it the same way.
    if (isRunning(job.process)) process.kill(job.process.pid, 'SIGTERM')
  }

  dispose(): void {
    clearInterval(this.timer)
    for (const emitter of [this.changed, this.began, this.ended]) emitter.dispose()
  }

  private look(): void {
    this.looking = this.looking
      .then(() => this.lookOnce())
      .catch((error: unknown) => {
        // The storage may be full or gone: the trainer runs on, the next look tries again.
        if (!(error instanceof UserError)) throw error
      })
  }

  private async lookOnce(): Promise<void> {
    const jobs = this.file.read()
    if (jobs.length === 0 && this.known.length === 0) return
    this.take(jobs)
    const active = this.active
    if (active?.process === undefined) {
      if (vscode.workspace.isTrusted && jobs.length > 0) await this.startFirst()
      return
    }
    this.noticeRun(active)
    if (!isRunning(active.process)) await this.end(active)
  }

  private noticeRun(job: Job): void {
    if (this.runs.has(job.id)) return
    const run = job.work.kind === 'resume' ? job.work.run : runIn(this.file.path(job, 'out'))
    if (run === undefined) return
    this.runs.set(job.id, run)
    this.began.fire({ job, run })
    this.changed.fire()
  }

  private async startFirst(): Promise<void> {
    const settings = vscode.workspace.getConfiguration('foldwise')
    const device = settings.get('device', 'auto')
    const threads = settings.get('threads', 0)
    const failed: EndedJob[] = []
    const jobs = await this.file.change(async (known) => {
      const [first, ...rest] = known
      // Another window was quicker, or took it out.
      if (known.length === 0 || first.process !== undefined) return known
      try {
        const [output, errors] = [this.file.path(first, 'out'), this.file.path(first, 'err')]
        const started = await startTrainer(
          this.program,
          trainerArguments(first, device, threads),
          first.root,
          output,
          errors,
        )
        return [{ ...first, process: started }, ...rest]
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        failed.push({ job: first, outcome: { state: 'failed', run: undefined, message, hint: undefined } })
        return rest
      }
    })
    this.take(jobs)
    for (const each of failed) this.ended.fire(each)
  }

  private async end(job: Job): Promise<void> {
    this.noticeRun(job)
    const silent = vscode.l10n.t('The trainer ended without a word: it was killed, or the machine ran out of memory.')
    const [output, errors] = [this.file.path(job, 'out'), this.file.path(job, 'err')]
    const outcome = outcomeIn(output, errors, silent)
    const taken: Job[] = []
    const jobs = await this.file.change((known) => {
      taken.push(...known.filter(({ id }) => id === job.id))
      const rest = known.filter(({ id }) => id !== job.id)
      // What broke this fold breaks the others of the same experiment too: one message instead of five.
      return outcome.state === 'failed' ? rest.filter((other) => !isAlike(other, job)) : rest
    })
    for (const file of [output, errors]) rmSync(file, { force: true })
    this.take(jobs)
    // Two windows on one folder: the one that took the job out tells.
    if (taken.length > 0) this.ended.fire({ job, outcome })
    this.runs.delete(job.id)
    this.look()
  }

  private take(jobs: readonly Job[]): void {
    const before = JSON.stringify(this.known)
    this.known = jobs
    if (JSON.stringify(jobs) !== before) this.changed.fire()
  }
}

function isAlike(a: Job, b: Job): boolean {
  return a.root === b.root && a.work.kind === b.work.kind && a.work.experiment === b.work.experiment
}
