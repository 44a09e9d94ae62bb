import { createHash, type Hash } from 'node:crypto'
import { createReadStream, mkdirSync } from 'node:fs'
import { open, rm, statfs, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { byteText } from '../../core/byteText.ts'
import { UserError } from '../../core/errors.ts'
import { encoderBytes } from '../../model/encoderDeclarations.ts'
import type { EncoderDefinition } from '../../model/encoders/encoder.ts'
import { pretrainedWeights } from '../../model/pretrained.ts'
import { writeError } from '../../runs/diskErrors.ts'
import { withMutex } from '../../runs/mutex.ts'
import { weightCacheFolder } from '../../runs/weightCache.ts'
import { importEncoder, type ImportedWeights } from '../encoderImport.ts'
import { findHubFile, hubFileName, Interrupted, interruption, openHubFile, type HubFile } from './hubFile.ts'

export interface DownloadRequest {
  readonly encoder: EncoderDefinition
  readonly weights: string
  /** Address of the hub. */
  readonly endpoint: string
  readonly signal: AbortSignal
  /** Called for every piece that came. */
  readonly onProgress: (bytes: number, total: number) => void
  /** Pauses before each new try, milliseconds. */
  readonly pauses?: readonly number[]
}

const usualPauses = [500, 1000, 2000, 4000]
/** A classifier behind the features may be nine times as large as they (VGG-16). */
const mostTimesEncoder = 16

/**
 * Downloads weights into the user's cache. What came before an interruption stays in a file of its own, named after the
 * digest of the whole, and the next call goes on from there; only a whole file whose SHA-256 is the hub's and that fits
 * the encoder goes into the cache.
 * @throws UserError  @throws the signal's reason after an abort
 */
export async function downloadWeights(request: DownloadRequest): Promise<ImportedWeights> {
  const { encoder, weights, endpoint, signal, pauses = usualPauses } = request
  const pretrained = pretrainedWeights(encoder, weights)
  const file = await insisting(pauses, signal, async () => findHubFile(pretrained, endpoint, signal))
  checkSize(file, encoder)
  const folder = partialFolder()
  const partial = join(folder, `${file.sha256}.part`)
  return withMutex(folder, file.sha256.slice(0, 12), async () => {
    await fetchWhole(file, partial, { ...request, pauses })
    const source = `${endpoint}/${file.hub}/resolve/${file.revision}/${hubFileName}`
    const imported = await importEncoder(encoder, partial, weights, source)
    await rm(partial, { force: true })
    return { ...imported, isKnown: true }
  })
}

function partialFolder(): string {
  const folder = join(weightCacheFolder(), 'partial')
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw writeError(error, folder)
  }
  return folder
}

function checkSize({ bytes, hub }: HubFile, encoder: EncoderDefinition): void {
  const most = mostTimesEncoder * encoderBytes(encoder)
  if (bytes <= most) return
  throw new UserError(`The hub's file is too large for these weights: ${byteText(bytes)}.`, {
    value: hub,
    allowed: `up to ${byteText(most)}`,
    hint: 'Get the file with your own tools and import it with --import FILE.',
    code: 'hub-odd',
  })
}

/** Fills `partial` up to the whole file and checks its digest. */
async function fetchWhole(
  file: HubFile,
  partial: string,
  { signal, onProgress, pauses = usualPauses }: DownloadRequest,
): Promise<void> {
  const part = await PartialFile.open(partial)
  let isRight: boolean
  try {
    if (part.position > file.bytes) await part.restart()
    await checkSpace(partial, file.bytes - part.position)
    await insisting(
      pauses,
      signal,
      async () => {
        if (part.position === file.bytes) return
        const { start, chunks } = await openHubFile(file, part.position, signal)
        if (start !== part.position) await part.restart()
        await copy(chunks, part, file, signal, onProgress)
      },
      () => part.position,
    )
    isRight = part.digest() === file.sha256
  } finally {
    await part.close()
  }
  if (isRight) return
  await rm(partial, { force: true })
  throw new UserError('What was downloaded is not what the hub says it is (SHA-256): it was thrown away.', {
    value: file.url,
    allowed: `SHA-256 ${file.sha256}`,
    hint: 'Try again; if it stays so, a proxy or a mirror changes the file.',
    code: 'hub-checksum',
  })
}

async function copy(
  chunks: AsyncIterable<Uint8Array>,
  part: PartialFile,
  { bytes, url }: HubFile,
  signal: AbortSignal,
  onProgress: DownloadRequest['onProgress'],
): Promise<void> {
  const source = chunks[Symbol.asyncIterator]()
  for (;;) {
    const next = await source.next().catch((error: unknown) => {
      signal.throwIfAborted()
      throw interruption(error, url)
    })
    if (next.done === true) break
    // More than the whole would end in a wrong digest anyway: it is not written.
    await part.append(next.value.subarray(0, bytes - part.position))
    onProgress(part.position, bytes)
    if (part.position === bytes) break
  }
  await source.return?.()
  if (part.position < bytes) throw new Interrupted(`${url} ended at ${byteText(part.position)} of ${byteText(bytes)}`)
}

/**
 * Tries again after an interruption, a few times in a row without progress.
 * @throws UserError `offline` after the last try
 */
async function insisting<Result>(
  pauses: readonly number[],
  signal: AbortSignal,
  attempt: () => Promise<Result>,
  progress: () => number = () => 0,
): Promise<Result> {
  for (let failures = 0, reached = progress(); ;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error
      failures = progress() > reached ? 0 : failures
      reached = progress()
      if (failures === pauses.length) throw offline(error, reached)
      await sleep(pauses[failures++], undefined, { signal }).catch(() => {
        signal.throwIfAborted()
      })
    }
  }
}

function offline(error: Interrupted, reached: number): UserError {
  const kept = reached === 0 ? '' : ` The ${byteText(reached)} that came are kept: the same command goes on from there.`
  return new UserError(`The download does not get through: ${error.message}.`, {
    hint: `Check the network, or name a mirror with --mirror or HF_ENDPOINT.${kept} Without a network: --import FILE.`,
    code: 'offline',
    cause: error,
  })
}

/** @throws UserError `disk-full`, before anything is downloaded in vain */
async function checkSpace(file: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(join(file, '..'))
  if (bavail * bsize >= 2 * bytes) return
  throw new UserError(`The disk has no room for these weights: ${byteText(bavail * bsize)} are free.`, {
    file,
    allowed: `${byteText(2 * bytes)}: what is downloaded is checked before it is copied into the cache`,
    hint: 'Free space on this disk, or choose another folder with FOLDWISE_CACHE.',
    code: 'disk-full',
  })
}

/** What came so far, and its digest. */
class PartialFile {
  position = 0
  private readonly path: string
  private readonly handle: FileHandle
  private hash: Hash = createHash('sha256')

  private constructor(path: string, handle: FileHandle) {
    this.path = path
    this.handle = handle
  }

  /** @throws UserError `cannot-write` */
  static async open(path: string): Promise<PartialFile> {
    try {
      const part = new PartialFile(path, await open(path, 'a'))
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
        part.hash.update(chunk as Uint8Array)
        part.position += (chunk as Uint8Array).length
      }
      return part
    } catch (error) {
      throw writeError(error, path)
    }
  }

  /** @throws UserError `disk-full`, `cannot-write` */
  async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) written += (await this.handle.write(bytes, written)).bytesWritten
    } catch (error) {
      throw writeError(error, this.path)
    }
    this.hash.update(bytes)
    this.position += bytes.length
  }

  async restart(): Promise<void> {
    await this.handle.truncate(0)
    this.hash = createHash('sha256')
    this.position = 0
  }

  digest(): string {
    return this.hash.copy().digest('hex')
  }

  async close(): Promise<void> {
    await this.handle.close()
  }
}
