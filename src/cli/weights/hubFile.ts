import { fileDownloadInfo, HubApiError, modelInfo, pathsInfo } from '@huggingface/hub'
import { UserError } from '../../core/errors.ts'
import type { PretrainedWeights } from '../../model/encoders/encoder.ts'

const defaultEndpoint = 'https://huggingface.co'
export const hubFileName = 'model.safetensors'

/** A file of a model hub, and what must come of it. */
export interface HubFile {
  readonly hub: string
  /** Commit of the repository. */
  readonly revision: string
  readonly url: string
  readonly bytes: number
  /** The hub's own digest of the content (Git LFS). */
  readonly sha256: string
}

/** Something between us and the hub, or the hub itself, fails for now: trying again may help. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/**
 * Where the hub is: what was asked for, else `HF_ENDPOINT` as for the hub's own tools.
 * @throws UserError where that is no address
 */
export function hubEndpoint(asked: string | undefined): string {
  const endpoint = asked ?? (process.env['HF_ENDPOINT'] || defaultEndpoint)
  const isAddress = URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)
  if (isAddress) return endpoint.replace(/\/+$/, '')
  throw new UserError('this is not the address of a model hub', {
    value: endpoint,
    allowed: `an address such as ${defaultEndpoint}`,
    hint: asked === undefined ? 'Correct HF_ENDPOINT, or unset it.' : 'Correct --mirror.',
    code: 'usage',
  })
}

/**
 * Asks the hub for size, digest and address of the weights' file at their pinned commit; at the newest where none is pinned.
 * @throws UserError where there is no such file or it may not be read  @throws Interrupted
 */
export async function findHubFile(
  { hub, revision: pinned }: PretrainedWeights,
  endpoint: string,
  signal: AbortSignal,
): Promise<HubFile> {
  const common = { hubUrl: endpoint, fetch: cancellable(signal) }
  return told(hub, endpoint, signal, async () => {
    const revision = pinned ?? (await modelInfo({ ...common, name: hub, additionalFields: ['sha'] })).sha
    const file = { ...common, repo: hub, revision }
    const [info] = await pathsInfo({ ...file, paths: [hubFileName] })
    const download = (info as typeof info | undefined) && (await fileDownloadInfo({ ...file, path: hubFileName }))
    if (!download) throw missing(hub, endpoint)
    const { oid = '', size = 0 } = info.lfs ?? {}
    // The digest becomes part of a file name here.
    if (!/^[0-9a-f]{64}$/.test(oid) || !Number.isSafeInteger(size) || size <= 0 || size !== download.size)
      throw odd(hub, endpoint, 'it names neither size nor SHA-256 of the file')
    return { hub, revision, url: download.url, bytes: size, sha256: oid }
  })
}

interface OpenedFile {
  /** Position of the first byte that comes: 0 where the server begins anew. */
  readonly start: number
  readonly chunks: AsyncIterable<Uint8Array>
}

/**
 * The file from a position on. The library's own stream is not used: it takes no signal, tells errors as mere text and
 * does not see where a server leaves the range aside.
 * @throws UserError, Interrupted
 */
export async function openHubFile(file: HubFile, from: number, signal: AbortSignal): Promise<OpenedFile> {
  const { url, hub } = file
  return told(hub, new URL(url).origin, signal, async () => {
    const headers = from === 0 ? undefined : { Range: `bytes=${from}-` }
    const response = await fetch(url, { signal, ...(headers && { headers }) })
    const { status, body } = response
    if (!response.ok || body === null) {
      await body?.cancel()
      throw new HubApiError(url, status)
    }
    const range = response.headers.get('content-range')
    if (status === 206 && !range?.startsWith(`bytes ${from}-`))
      throw odd(hub, url, `it answers with the range "${range ?? ''}"`)
    return { start: status === 206 ? from : 0, chunks: body as unknown as AsyncIterable<Uint8Array> }
  })
}

function cancellable(signal: AbortSignal): typeof fetch {
  return async (input, init) => fetch(input, { ...init, signal })
}

/** What the hub said, or why it said nothing, in words. */
async function told<Result>(
  hub: string,
  endpoint: string,
  signal: AbortSignal,
  ask: () => Promise<Result>,
): Promise<Result> {
  try {
    return await ask()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof UserError) throw error
    if (error instanceof HubApiError) throw refusal(error, hub, endpoint)
    throw interruption(error, endpoint)
  }
}

/** A network that fails is no bug; which part of it, the system's code says. */
export function interruption(error: unknown, endpoint: string): Interrupted {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
  const reason = code ?? (cause instanceof Error ? cause.message : String(cause))
  return new Interrupted(`${endpoint} cannot be reached (${reason})`, { cause: error })
}

function refusal({ statusCode }: HubApiError, hub: string, endpoint: string): Error {
  if (statusCode === 404) return missing(hub, endpoint)
  if (statusCode === 429 || statusCode >= 500) return new Interrupted(`${endpoint} is busy (HTTP ${statusCode})`)
  return new UserError(`The model hub does not give out these weights (HTTP ${statusCode}).`, {
    value: `${endpoint}/${hub}`,
    hint: 'They may need an account, or a proxy refuses them: get the file with your own tools and import it with --import FILE.',
    code: 'hub-refused',
  })
}

function missing(hub: string, endpoint: string): UserError {
  return new UserError('The model hub has no such weights (HTTP 404).', {
    value: `${endpoint}/${hub}`,
    hint: 'They were moved or deleted, or a mirror lacks them: try without --mirror and HF_ENDPOINT, or import a file with --import FILE.',
    code: 'hub-missing',
  })
}

function odd(hub: string, endpoint: string, reason: string): UserError {
  return new UserError(`The model hub answers as none does: ${reason}.`, {
    value: `${endpoint}/${hub}`,
    hint: 'Check --mirror and HF_ENDPOINT; or get the file otherwise and import it with --import FILE.',
    code: 'hub-odd',
  })
}
