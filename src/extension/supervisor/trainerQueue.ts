import * as vscode from 'vscode'
import { programEnvironment } from '../program/environment.ts'
import type { Job, Work } from './job.ts'
import { JobQueue, type EndedJob } from './jobQueue.ts'
import type { QueueFile } from './queueFile.ts'

/** The queue of trainers as this window sees it: the settings it trains with, and events for the views. */
export class TrainerQueue implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>()
  readonly onDidChange = this.changed.event
  private readonly began = new vscode.EventEmitter<{ readonly job: Job; readonly run: string }>()
  /** A trainer made its run folder, or goes on in one. */
  readonly onDidBegin = this.began.event
  private readonly ended = new vscode.EventEmitter<EndedJob>()
  readonly onDidEnd = this.ended.event
  private readonly troubled = new vscode.EventEmitter<unknown>()
  /** The queue itself cannot go on, e.g. its disk is full; it tries again. */
  readonly onDidTrouble = this.troubled.event
  private readonly queue: JobQueue

  /** @param program path of the built command line */
  constructor(file: QueueFile, program: string) {
    const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('foldwise')
    this.queue = new JobQueue(file, program, {
      device: () => settings().get('device', 'auto'),
      threads: () => settings().get('threads', 0),
      environment: programEnvironment,
      mayTrain: () => vscode.workspace.isTrusted,
      changed: () => {
        this.changed.fire()
      },
      began: (job, run) => {
        this.began.fire({ job, run })
      },
      ended: (ended) => {
        this.ended.fire(withWords(ended))
      },
      troubled: (error) => {
        this.troubled.fire(error)
      },
    })
  }

  /** All jobs, the one in training first. */
  get jobs(): readonly Job[] {
    return this.queue.jobs
  }

  get active(): Job | undefined {
    return this.queue.active
  }

  /** Name of the run that a job trains; undefined before its trainer made it. */
  runOf(job: Job): string | undefined {
    return this.queue.runOf(job)
  }

  /** Puts work at the end of the queue, debug runs before the folds that wait; starts it when nothing else trains. */
  add(root: string, works: readonly Work[]): Promise<readonly Job[]> {
    return this.queue.add(root, works)
  }

  /** Takes jobs out that have not begun. */
  async removeWaiting(isMeant?: (job: Job) => boolean): Promise<void> {
    await this.queue.removeWaiting(isMeant)
  }

  /** Asks the trainer of the active job to stop after its step, with a checkpoint. */
  stopActive(): void {
    this.queue.stopActive()
  }

  /** Ends the process of the active job at once; what it did since its last checkpoint is lost. */
  killActive(): void {
    this.queue.killActive()
  }

  dispose(): void {
    this.queue.dispose()
    for (const emitter of [this.changed, this.began, this.ended, this.troubled]) emitter.dispose()
  }
}

/** A trainer that left no word cannot say why it is gone: we say what is known. */
function withWords(ended: EndedJob): EndedJob {
  const { outcome } = ended
  if (outcome.state !== 'failed' || outcome.message !== undefined) return ended
  const message = vscode.l10n.t(
    'The trainer ended without a word: it was killed, or the machine went down or ran out of memory.',
  )
  return { ...ended, outcome: { ...outcome, message } }
}
