import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { receivedError } from '../../core/sentErrors.ts'
import { memoryOf, type BatchFilled, type BatchRequest, type LoaderSettings, type WorkerReply } from './messages.ts'

/** The built worker beside the built program. */
export function workerUrl(): URL {
  const url = new URL('./loaderWorker.js', import.meta.url)
  if (!existsSync(fileURLToPath(url))) throw new Error(`The loader worker is missing: ${url.pathname}`)
  return url
}

interface Job {
  readonly request: BatchRequest
  readonly resolve: (filled: BatchFilled) => void
  readonly reject: (error: unknown) => void
}

/** Threads that fill batches, one batch each at a time; started with the first batch. */
export class WorkerPool {
  readonly #settings: LoaderSettings
  readonly #url: URL
  readonly #count: number
  readonly #workers = new Map<Worker, Job | undefined>()
  readonly #queue: Job[] = []
  #isDisposed = false

  constructor(settings: LoaderSettings, url: URL, count: number) {
    this.#settings = settings
    this.#url = url
    this.#count = count
  }

  /** Fills one batch; its buffers change threads meanwhile. */
  async fill(request: BatchRequest): Promise<BatchFilled> {
    return new Promise((resolve, reject) => {
      if (this.#isDisposed) {
        reject(new Error('The loader was disposed'))
        return
      }
      this.#queue.push({ request, resolve, reject })
      this.#assign()
    })
  }

  /** Ends all threads; batches under way are rejected. */
  async dispose(): Promise<void> {
    this.#isDisposed = true
    const workers = [...this.#workers.keys()]
    const jobs = [...this.#queue.splice(0), ...this.#workers.values()]
    this.#workers.clear()
    for (const job of jobs) job?.reject(new Error('The loader was disposed'))
    await Promise.all(workers.map(async (worker) => worker.terminate()))
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idleWorker()
      if (worker === undefined) return
      const job = this.#queue.shift()!
      this.#workers.set(worker, job)
      // A busy thread keeps the process alive, an idle one does not: a forgotten loader never blocks the end.
      worker.ref()
      worker.postMessage(job.request, memoryOf(job.request.buffers))
    }
  }

  #idleWorker(): Worker | undefined {
    for (const [worker, job] of this.#workers) if (job === undefined) return worker
    return this.#workers.size < this.#count ? this.#start() : undefined
  }

  #start(): Worker {
    const worker = new Worker(this.#url, { workerData: this.#settings })
    this.#workers.set(worker, undefined)
    worker.on('message', (reply: WorkerReply) => {
      this.#finish(worker, reply)
    })
    worker.on('error', (error) => {
      this.#lose(worker, error)
    })
    worker.on('exit', (code) => {
      this.#lose(worker, new Error(`A loader thread ended with code ${code}`))
    })
    return worker
  }

  #finish(worker: Worker, reply: WorkerReply): void {
    const job = this.#workers.get(worker)
    if (job === undefined) return
    this.#workers.set(worker, undefined)
    worker.unref()
    if (reply.type === 'filled') job.resolve(reply.filled)
    else job.reject(receivedError(reply))
    this.#assign()
  }

  /** A thread that died takes its batch with it; the next batch starts a new thread. */
  #lose(worker: Worker, error: unknown): void {
    const job = this.#workers.get(worker)
    this.#workers.delete(worker)
    job?.reject(error)
    if (!this.#isDisposed) this.#assign()
  }
}
