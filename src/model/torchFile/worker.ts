import { parentPort, workerData } from 'node:worker_threads'
import { sentError } from '../../core/sentErrors.ts'
import { readTensors } from './readTensors.ts'
import type { TorchFileReply, TorchFileRequest } from './torchFile.ts'

// Entry of the thread that reads a file of torch; built as dist/torchFileWorker.js.

if (parentPort === null) throw new Error('The reader of PyTorch files runs as a worker thread only')
const port = parentPort
const { path, format } = workerData as TorchFileRequest

async function answer(): Promise<void> {
  try {
    const tensors = await readTensors(path, format)
    const buffers = new Set(Array.from(tensors.values(), ({ data }) => data.buffer as ArrayBuffer))
    send({ type: 'tensors', tensors }, [...buffers])
  } catch (error) {
    send(sentError(error), [])
  }
}

function send(reply: TorchFileReply, transfer: readonly ArrayBuffer[]): void {
  port.postMessage(reply, transfer)
}

void answer()
