import { parentPort, workerData } from 'node:worker_threads'
import { sentError } from '../../core/sentErrors.ts'
import { sharp } from '../imageLibrary.ts'
import { BatchFiller } from './fillBatch.ts'
import { memoryOf, type BatchRequest, type LoaderSettings, type WorkerReply } from './messages.ts'

// Entry of a loader thread; built as dist/loaderWorker.js.

if (parentPort === null) throw new Error('The loader worker runs as a worker thread only')
const port = parentPort
const filler = new BatchFiller(workerData as LoaderSettings)
// The pool is the parallelism; threads of libvips on top would fight it for the same cores.
sharp.concurrency(1)

async function answer(request: BatchRequest): Promise<void> {
  try {
    const filled = await filler.fill(request)
    send({ type: 'filled', filled }, memoryOf(filled.buffers))
  } catch (error) {
    send(sentError(error), [])
  }
}

function send(reply: WorkerReply, transfer: readonly ArrayBuffer[]): void {
  port.postMessage(reply, transfer)
}

port.on('message', (request: BatchRequest) => {
  void answer(request)
})
