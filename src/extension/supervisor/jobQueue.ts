import { randomUUID } from 'node:crypto'
import { systemCode } from '../../runs/diskErrors.ts'
import { trainerArguments, type Job, type Outcome, type Work } from './job.ts'
import { isTrainerAlive, lastSignOfLife, requestStop, trainerOf } from './jobLife.ts'
import { outcomeIn, runIn } from './jobLog.ts'
import type { QueueFile } from './queueFile.ts'
import { signal, startTrainer } from './trainerProcess.ts'

export interface EndedJob {
  readonly job: Job
  readonly outcome: Outcome
  /** Waiting jobs that were taken out with it: what broke its start breaks theirs. */
  readonly dropped: readonly Job[]
}

/** What the queue asks of its window, and tells it. */
export interface QueueHost {
  /** Setting `foldwise.device`, read when a trainer is started. */
  device(): string
  /** Setting `foldwise.threads`, 0 = all cores. */
  threads(): number
  /** Variables of a trainer's environment, read when it is started. */
  environment(): Readonly<Record<string, string>>
  mayTrain(): boolean
  changed(): void
  /** A trainer made its run folder, or goes on in one; said again by every window that takes the queue up. */
  began(job: Job, run: string): void
  /** Said once for each job, in one window. */
  ended(ended: EndedJob): void
  /** The queue itself is in trouble, e.g. its disk is full. Said once until it works again. */
  troubled(error: unknown): void
}

/** How often a trainer is looked after. Its events come by another way; this is only for its birth and death. */
const lookMilliseconds = 500
/** How often the file is asked for jobs of another window while there are none. */
const idleMilliseconds = 2000
/** A trainer whose process was never written down gets so long to say which run it makes. */
const orphanMilliseconds = 60_000

/**
 * Trains one job after another. The trainers are processes of their own: closing or reloading the window, or a crash of
 * the host, leaves them running, and the next window takes the queue up where it stands. Knows nothing of VS Code.
 */
export class JobQueue {
  private readonly file: QueueFile
  private readonly program: string
  private readonly host: QueueHost
  private known: readonly Job[] = []
  private readonly runs = new Map<string, string>()
  private timer: NodeJS.Timeout | undefined
  private looking: Promise<void>
  private isDisposed = false
  private isTroubled = false

  /** @param program path of the built command line */
  constructor(file: QueueFile, program: string, host: QueueHost) {
    this.file = file
    this.program = program
    this.host = host
    this.looking = this.guarded(() => file.removeStaleLogs())
    this.look()
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

  /** Puts work at the end of the queue, debug runs before the folds that wait; starts it when nothing else trains. */
  async add(root: string, works: readonly Work[]): Promise<readonly Job[]> {
    const jobs = works.map((work) => ({ id: randomUUID(), root, work }))
    this.take(await this.file.change((known) => inOrder([...known, ...jobs])))
    this.look()
    return jobs
  }

  /** Takes jobs out that have not begun. */
  async removeWaiting(isMeant: (job: Job) => boolean = () => true): Promise<void> {
    this.take(await this.file.change((known) => known.filter((job) => job.process !== undefined || !isMeant(job))))
  }

  /** Asks the trainer of the active job to stop after its step, with a checkpoint. */
  stopActive(): void {
    const job = this.active
    if (job?.process === undefined) return
    void this.guarded(async () => {
      this.take(
        await this.file.change((known) =>
          known.map((each) => (each.id === job.id ? { ...each, isToStop: true } : each)),
        ),
      )
    })
    const run = this.runOf(job)
    // Without a run folder, before it was made or after it was deleted, a signal stops it the same way.
    if (run === undefined || !requestStop(job.root, run)) signal(job.process, this.lastSign(job), 'SIGTERM')
  }

  /** Ends the process of the active job at once; what it did since its last checkpoint is lost. */
  killActive(): void {
    const job = this.active
    if (job?.process !== undefined) signal(job.process, this.lastSign(job), 'SIGKILL')
  }

  dispose(): void {
    this.isDisposed = true
    clearTimeout(this.timer)
  }

  private look(): void {
    clearTimeout(this.timer)
    this.looking = this.looking.then(() => this.guarded(() => this.lookOnce()))
  }

  /** No error ends the watch: the storage may be full now and free later, while the trainer runs on. */
  private async guarded(body: () => Promise<void>): Promise<void> {
    try {
      if (!this.isDisposed) await body()
      this.isTroubled = false
    } catch (error) {
      if (!this.isTroubled) this.host.troubled(error)
      this.isTroubled = true
    }
    clearTimeout(this.timer)
    if (this.isDisposed) return
    const pause = this.known.length === 0 ? idleMilliseconds : lookMilliseconds
    this.timer = setTimeout(() => {
      this.look()
    }, pause)
  }

  private async lookOnce(): Promise<void> {
    this.take(this.file.read())
    const { active } = this
    if (active?.process !== undefined) {
      this.noticeRun(active)
      if (!isTrainerAlive(active, this.lastSign(active))) await this.end(active, this.outcomeOf(active))
      return
    }
    const first = this.known.at(0)
    if (first === undefined) return
    if (this.file.lastPrinted(first) !== undefined) await this.adopt(first)
    else if (this.host.mayTrain()) await this.start(first)
  }

  private noticeRun(job: Job): void {
    if (this.runs.has(job.id)) return
    const run = runIn(this.file.path(job, 'out'))
    if (run === undefined) return
    this.runs.set(job.id, run)
    this.host.began(job, run)
    this.host.changed()
  }

  private async start(job: Job): Promise<void> {
    let started: Job['process']
    const failures: unknown[] = []
    try {
      const jobs = await this.file.change(async (known) => {
        // Another window was quicker, or took it out.
        if (known.at(0)?.id !== job.id || known[0].process !== undefined || this.isDisposed) return known
        try {
          const [output, errors] = [this.file.path(job, 'out'), this.file.path(job, 'err')]
          const words = trainerArguments(job, this.host.device(), this.host.threads())
          started = await startTrainer(this.program, words, job.root, output, errors, this.host.environment())
        } catch (error) {
          // Its output exists: another window has just started it, and takes it back where it cannot write it down.
          if (systemCode(error) !== 'EEXIST') failures.push(error)
          return known
        }
        return known.map((each) => (each.id === job.id ? { ...each, process: started } : each))
      })
      this.take(jobs)
    } catch (error) {
      // It could not be written down: a trainer that nobody knows of would be started a second time.
      if (started !== undefined) {
        signal(started, Date.now(), 'SIGKILL')
        this.file.removeLogs(job)
      }
      throw error
    }
    for (const failure of failures) {
      const message = failure instanceof Error ? failure.message : String(failure)
      await this.end(job, { state: 'failed', run: undefined, message, hint: undefined, checks: [], words: '' })
    }
  }

  /** A host died between starting a trainer and writing its process down: the run's lock tells which it is. */
  private async adopt(job: Job): Promise<void> {
    const run = runIn(this.file.path(job, 'out'))
    const holder = run === undefined ? undefined : trainerOf(job.root, run)
    if (holder !== undefined) {
      const { pid, start, host } = holder
      const process = { pid, host, ...(start === undefined ? {} : { start }) }
      this.take(
        await this.file.change((known) => known.map((each) => (each.id === job.id ? { process, ...each } : each))),
      )
      return
    }
    const silence = Date.now() - (this.file.lastPrinted(job) ?? 0)
    if (run !== undefined || outcomeIn(this.file.path(job, 'out'), '').message !== undefined)
      await this.end(job, this.outcomeOf(job))
    else if (silence > orphanMilliseconds) this.file.removeLogs(job)
  }

  private outcomeOf(job: Job): Outcome {
    const outcome = outcomeIn(this.file.path(job, 'out'), this.file.path(job, 'err'))
    // Where a signal ends a process at once (Windows), or it was killed on request: that is no failure.
    const isStopped = job.isToStop === true && outcome.state === 'failed' && outcome.message === undefined
    return isStopped ? { ...outcome, state: 'stopped' } : outcome
  }

  private async end(job: Job, outcome: Outcome): Promise<void> {
    this.noticeRun(job)
    const isDoomed = (other: Job): boolean =>
      outcome.state === 'failed' && outcome.run === undefined && other.process === undefined && isAlike(other, job)
    let taken: readonly Job[] = []
    const jobs = await this.file.change((known) => {
      if (!known.some(({ id }) => id === job.id)) return known
      taken = known.filter((each) => each.id === job.id || isDoomed(each))
      return known.filter((each) => !taken.includes(each))
    })
    this.file.removeLogs(job)
    this.take(jobs)
    // Two windows on one folder: the one that took the job out tells.
    if (taken.length > 0) this.host.ended({ job, outcome, dropped: taken.filter(({ id }) => id !== job.id) })
    this.runs.delete(job.id)
    this.look()
  }

  private lastSign(job: Job): number {
    return lastSignOfLife(this.file, job, this.runOf(job))
  }

  private take(jobs: readonly Job[]): void {
    const before = JSON.stringify(this.known)
    this.known = jobs
    if (JSON.stringify(jobs) !== before) this.host.changed()
  }
}

/** What is in training stays first. A debug run takes a minute: whoever waits for its verdict shall not wait for hours. */
function inOrder(jobs: readonly Job[]): readonly Job[] {
  const place = ({ process, work }: Job): number => (process !== undefined ? 0 : work.kind === 'debug' ? 1 : 2)
  return [...jobs].sort((a, b) => place(a) - place(b))
}

function isAlike(a: Job, b: Job): boolean {
  return a.root === b.root && a.work.kind === b.work.kind && a.work.experiment === b.work.experiment
}
