import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { UserError } from '../../core/errors.ts'
import type { NamedTensor } from '../../core/safetensors.ts'
import { receivedError, type SentError } from '../../core/sentErrors.ts'
import type { TorchFormat } from './readTensors.ts'
import { refusedTorchFile } from './torchFileError.ts'

export interface TorchFileRequest {
  readonly path: string
  readonly format: TorchFormat
}

export type TorchFileReply = { readonly type: 'tensors'; readonly tensors: Map<string, NamedTensor> } | SentError

/** Of the thread's heap, where the pickle's values lie: a state dict needs some ten. Tensors lie outside of it. */
const mostHeapMegabytes = 512

/** undefined for a file that torch did not write. @param head its first bytes */
export function torchFormatOf(head: Uint8Array): TorchFormat | undefined {
  const [first, second, third, fourth] = head
  if (first === 0x50 && second === 0x4b && third === 0x03 && fourth === 0x04) return 'zip'
  return first === 0x80 && second >= 2 && second <= 5 ? 'legacy' : undefined
}

/**
 * The state dict in a `.pth` or `.pt` file, read by a thread of its own: what a hostile file does to its memory, it does
 * to that thread.
 * @param worker the built thread, `dist/torchFileWorker.js`
 * @throws UserError with the file, where it is torn or asks for more than tensors
 */
export async function readTorchFile(
  request: TorchFileRequest,
  worker: URL = workerUrl(),
): Promise<ReadonlyMap<string, NamedTensor>> {
  const thread = new Worker(worker, {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMegabytes },
  })
  try {
    return await new Promise((resolve, reject) => {
      thread.once('message', (reply: TorchFileReply) => {
        if (reply.type === 'tensors') resolve(reply.tensors)
        else reject(receivedError(reply))
      })
      thread.once('error', reject)
      thread.once('exit', (code) => {
        reject(new Error(`The thread that reads PyTorch files ended with code ${code}`))
      })
    })
  } catch (error) {
    throw withFile(error, request.path)
  } finally {
    await thread.terminate()
  }
}

function workerUrl(): URL {
  const url = new URL('./torchFileWorker.js', import.meta.url)
  if (!existsSync(fileURLToPath(url))) throw new Error(`The reader of PyTorch files is missing: ${url.pathname}`)
  return url
}

function withFile(error: unknown, file: string): unknown {
  const isFull = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  const told = isFull ? refusedTorchFile('its pickle needs more memory than tensors do') : error
  return told instanceof UserError ? new UserError(told.message, { ...told.details, file }) : told
}
