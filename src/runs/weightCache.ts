import { createHash, randomBytes } from 'node:crypto'
import { closeSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import { moment } from '../protocol/values.ts'
import { replaceFile, writeAll } from './atomicFile.ts'
import { readError, systemCode, writeError } from './diskErrors.ts'
import { readJsonFile, writeJsonFile } from './jsonFile.ts'
import { withMutex } from './mutex.ts'

const entrySchema = z.object({
  encoder: z.string(),
  weights: z.string(),
  file: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  source: z.string(),
  imported: moment,
})
const indexSchema = z.object({ v: z.literal(1), weights: z.array(entrySchema) })

/** Pretrained weights of one encoder in the user's cache; `file` is a name inside the cache folder. */
export type CachedWeights = z.infer<typeof entrySchema>

/** Folder of imported weights: `FOLDWISE_CACHE`, or the system's place for caches. */
export function weightCacheFolder(): string {
  return join(resolve(process.env['FOLDWISE_CACHE'] || envPaths('foldwise', { suffix: '' }).cache), 'weights')
}

/** Everything imported so far, without looking at the files themselves. @throws UserError `damaged` */
export function listWeights(): readonly CachedWeights[] {
  const file = indexFile()
  return existsSync(file) ? readJsonFile(file, indexSchema).weights : []
}

/**
 * Copies a safetensors file into the cache as the weights `weights` of `encoder`, replacing earlier ones.
 * Whether its tensors fit the encoder is for the caller to check first.
 * @param source where it came from, for the record; the file's own path when left out
 * @throws UserError `invalid-name`, `not-found`, `cannot-read`, `disk-full`, `cannot-write`
 */
export async function importWeights(
  file: string,
  encoder: string,
  weights: string,
  source = resolve(file),
): Promise<CachedWeights> {
  checkCacheName(encoder)
  checkCacheName(weights)
  const folder = weightCacheFolder()
  makeFolder(folder)
  const copy = await copyHashed(file, join(folder, `.${randomBytes(6).toString('hex')}.tmp`))
  const name = `${encoder}.${weights}.${copy.sha256.slice(0, 12)}.safetensors`
  const { sha256, bytes } = copy
  const entry = { encoder, weights, file: name, sha256, bytes, source, imported: new Date().toISOString() }
  await replaceFile(copy.path, join(folder, name))
  await withMutex(folder, 'index', async () => {
    const others = listWeights().filter((other) => other.encoder !== encoder || other.weights !== weights)
    await writeJsonFile(indexFile(), { v: 1, weights: [...others, entry] })
  })
  return entry
}

/**
 * Absolute path of imported weights, its checksum verified; undefined if they were never imported.
 * @throws UserError `weights-damaged` where the file is missing or is not what was imported
 */
export async function findWeights(encoder: string, weights: string): Promise<string | undefined> {
  const entry = listWeights().find((other) => other.encoder === encoder && other.weights === weights)
  if (entry === undefined) return undefined
  const path = join(weightCacheFolder(), entry.file)
  const isWhole =
    statSync(path, { throwIfNoEntry: false })?.size === entry.bytes && (await sha256Of(path)) === entry.sha256
  if (isWhole) return path
  throw new UserError('these imported weights are missing or damaged', {
    file: path,
    code: 'weights-damaged',
    hint: `Get them again: foldwise encoders ${encoder} --download --weights ${weights}, or --import FILE (they came from ${entry.source}).`,
  })
}

function indexFile(): string {
  return join(weightCacheFolder(), 'index.json')
}

function checkCacheName(name: string): void {
  if (/^\w[\w.+-]{0,79}$/.test(name)) return
  throw new UserError('encoder and weights cannot have this name', {
    code: 'invalid-name',
    value: name,
    allowed: 'letters, digits, "_", "-", "+" and "."',
  })
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw writeError(error, folder)
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunksOf(file)) hash.update(chunk)
  return hash.digest('hex')
}

async function copyHashed(from: string, to: string): Promise<{ path: string; sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    const fd = openSync(to, 'wx')
    try {
      for await (const chunk of chunksOf(from)) {
        hash.update(chunk)
        writeAll(fd, chunk)
        bytes += chunk.length
      }
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    rmSync(to, { force: true })
    throw systemCode(error) === undefined ? error : writeError(error, to)
  }
  return { path: to, sha256: hash.digest('hex'), bytes }
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) yield chunk as Uint8Array
  } catch (error) {
    throw readError(error, file)
  }
}
