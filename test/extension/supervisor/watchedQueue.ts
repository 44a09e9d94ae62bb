import { onTestFinished } from 'vitest'
import type { Job, Work } from '../../../src/extension/supervisor/job.ts'
import { JobQueue, type EndedJob } from '../../../src/extension/supervisor/jobQueue.ts'
import { QueueFile } from '../../../src/extension/supervisor/queueFile.ts'

/** A queue as one window holds it, with everything that it was told. */
export class WatchedQueue {
  readonly queue: JobQueue
  readonly began: string[] = []
  readonly ended: EndedJob[] = []
  readonly troubles: unknown[] = []
  mayTrain = true

  constructor(storage: string, program: string) {
    this.queue = new JobQueue(new QueueFile(storage), program, {
      device: () => 'cpu',
      threads: () => 1,
      environment: () => ({}),
      mayTrain: () => this.mayTrain,
      changed: () => undefined,
      began: (_job, run) => this.began.push(run),
      ended: (ended) => this.ended.push(ended),
      troubled: (error) => this.troubles.push(error),
    })
    onTestFinished(() => {
      this.queue.killActive()
      this.queue.dispose()
    })
  }

  /** Its window is gone, as after a crash: nothing is looked after any more. */
  crash(): void {
    this.queue.dispose()
  }

  /** How each job ended: `experiment state`. */
  get endings(): readonly string[] {
    return this.ended.map(({ job, outcome }) => `${job.work.experiment} ${outcome.state}`)
  }
}

export async function until(what: string, holds: () => boolean, seconds = 40): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`it never came to this: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export function trainWork(experiment: string, fold = 0): Work {
  return { kind: 'train', experiment, fold }
}

export function processOf(job: Job | undefined): number {
  const pid = job?.process?.pid
  if (pid === undefined) throw new Error('nothing is in training')
  return pid
}
