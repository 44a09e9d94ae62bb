import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { downloadWeights, type DownloadRequest } from '../../../src/cli/weights/downloadWeights.ts'
import { hubEndpoint } from '../../../src/cli/weights/hubFile.ts'
import { encoders } from '../../../src/model/encoders/registry.ts'
import { findWeights, listWeights, weightCacheFolder } from '../../../src/runs/weightCache.ts'
import { temporaryFolder } from '../../runs/folders.ts'
import { libraryFile } from './encoderFiles.ts'
import { headCommit, startHub, type Hub } from './hubServer.ts'

const encoder = encoders.get('mobilenet_v2')
const content = libraryFile(encoder.name)
const digest = createHash('sha256').update(content).digest('hex')
const weights = 'imagenet'

function start(hub: Pick<Hub, 'endpoint'>, request: Partial<DownloadRequest> = {}): ReturnType<typeof downloadWeights> {
  return downloadWeights({
    encoder,
    weights,
    endpoint: hub.endpoint,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    pauses: [0, 0],
    ...request,
  })
}

/** Cuts the connection as soon as something came, in every request before the n-th. */
function cutting(hub: Hub, request: number): Partial<DownloadRequest> {
  return {
    onProgress: () => {
      if (hub.ranges.length < request) hub.cut()
    },
  }
}

async function refusal(promise: Promise<unknown>): Promise<UserError['details'] & { readonly message: string }> {
  const error: unknown = await promise.catch((reason: unknown) => reason)
  if (error instanceof UserError) return { ...error.details, message: error.message }
  throw new Error('no UserError', { cause: error })
}

function partial(): string {
  return join(weightCacheFolder(), 'partial', `${digest}.part`)
}

describe('downloading weights', () => {
  beforeEach(() => {
    vi.stubEnv('FOLDWISE_CACHE', temporaryFolder())
  })

  it('puts the file of the pinned commit into the cache, its digest checked, its source noted', async () => {
    const hub = await startHub(content)
    const shown: number[] = []
    const entry = await start(hub, { onProgress: (bytes) => shown.push(bytes) })
    const { hub: repository, revision } = encoder.pretrained[weights]
    const source = `${hub.endpoint}/${repository}/resolve/${revision!}/model.safetensors`
    expect(entry).toMatchObject({ sha256: digest, bytes: content.length, source, isKnown: true })
    expect(hub.paths.every((path) => path.includes(revision!))).toBe(true)
    expect(shown.at(-1)).toBe(content.length)
    expect(Buffer.compare(readFileSync((await findWeights(encoder.name, weights))!), content)).toBe(0)
    expect(readdirSync(join(weightCacheFolder(), 'partial'))).toEqual([])
  })

  it('without a pinned commit notes which one was the newest', async () => {
    const lite = encoders.get('tu-tf_efficientnet_lite0')
    const hub = await startHub(libraryFile(lite.name))
    const { source } = await start(hub, { encoder: lite })
    expect(source).toContain(`/resolve/${headCommit}/`)
  })

  it('goes on after a cut connection from where it was', async () => {
    const hub = await startHub(content, { holdAfter: (request) => (request < 3 ? 1_000_000 : undefined) })
    expect((await start(hub, cutting(hub, 3))).sha256).toBe(digest)
    const starts = hub.ranges.map((range) => Number(/\d+/.exec(range ?? '0')![0]))
    expect(starts).toHaveLength(3)
    expect(starts[0]).toBe(0)
    expect(starts[1]).toBeGreaterThan(0)
    expect(starts[2]).toBeGreaterThan(starts[1])
  })

  it('gives up where nothing comes any more, keeps what came, and a later call goes on from there', async () => {
    const cut = await startHub(content, { holdAfter: (request) => (request === 1 ? 500_000 : 0) })
    const { code, hint } = await refusal(start(cut, cutting(cut, 2)))
    expect(code).toBe('offline')
    expect(hint).toContain('the same command goes on from there')
    expect(listWeights()).toEqual([])
    const kept = readFileSync(partial())
    expect(kept.length).toBeGreaterThan(0)
    expect(Buffer.compare(kept, content.subarray(0, kept.length))).toBe(0)

    const whole = await startHub(content)
    expect((await start(whole)).sha256).toBe(digest)
    expect(whole.ranges).toEqual([`bytes=${kept.length}-`])
  })

  it('begins anew where the server knows no ranges', async () => {
    const holdAfter = (request: number): number | undefined => (request === 1 ? 500_000 : undefined)
    const hub = await startHub(content, { ignoresRanges: true, holdAfter })
    expect((await start(hub, cutting(hub, 2))).sha256).toBe(digest)
    expect(hub.ranges[1]).toMatch(/^bytes=[1-9]/)
  })

  it('throws away what is not what the hub says it is', async () => {
    const other = Uint8Array.from(content)
    other[5000] ^= 1
    const { code } = await refusal(start(await startHub(content, { sends: other })))
    expect(code).toBe('hub-checksum')
    expect(existsSync(partial())).toBe(false)
    expect(listWeights()).toEqual([])
  })

  it('throws away a damaged beginning', async () => {
    mkdirSync(join(weightCacheFolder(), 'partial'), { recursive: true })
    writeFileSync(partial(), new Uint8Array(1000))
    const hub = await startHub(content)
    expect((await refusal(start(hub))).code).toBe('hub-checksum')
    expect((await start(hub)).sha256).toBe(digest)
  })

  it('refuses what does not fit the encoder', async () => {
    const foreign = libraryFile('resnet18')
    const { code } = await refusal(start(await startHub(foreign)))
    expect(code).toBe('weights-do-not-fit')
    expect(listWeights()).toEqual([])
  })

  it('refuses a file that is far too large before a byte of it comes', async () => {
    const size = 10_000_000_000
    const hub = await startHub(content, { lfs: { oid: digest, size, pointerSize: 1 } })
    expect((await refusal(start(hub))).code).toBe('hub-odd')
    expect(hub.ranges).toEqual([])
  })

  it('takes no digest that is none', async () => {
    const hub = await startHub(content, { lfs: { oid: '../../x', size: content.length, pointerSize: 1 } })
    expect((await refusal(start(hub))).code).toBe('hub-odd')
  })

  it.each([
    [404, 'hub-missing'],
    [403, 'hub-refused'],
    [401, 'hub-refused'],
    [503, 'offline'],
  ])('says what HTTP %i means', async (status, code) => {
    const refused = await refusal(start(await startHub(content, { status })))
    expect(refused.code).toBe(code)
    expect(`${refused.message} ${refused.hint!}`).toContain(String(status))
    expect(refused.hint).toContain('--import FILE')
  })

  it('says so where nobody answers', async () => {
    const hub = await startHub(content)
    await hub.stop()
    const { code, message } = await refusal(start(hub))
    expect(code).toBe('offline')
    expect(message).toContain('ECONNREFUSED')
  })

  it('stops on request and keeps what came', async () => {
    const stop = new AbortController()
    const hub = await startHub(content, { holdAfter: () => 300_000 })
    const stopped = start(hub, {
      signal: stop.signal,
      onProgress: () => {
        stop.abort(new Error('stopped'))
      },
    })
    await expect(stopped).rejects.toThrow('stopped')
    expect(readFileSync(partial()).length).toBeGreaterThan(0)
    expect(listWeights()).toEqual([])
  })

  it('names the nearest encoders where these weights do not exist', async () => {
    const { code, hint } = await refusal(start(await startHub(content), { weights: 'noisy-student' }))
    expect(code).toBe('unknown-weights')
    expect(hint).toContain('Nearest encoders with noisy-student: ')
  })
})

describe('the address of the hub', () => {
  it('is what is asked for, else HF_ENDPOINT, else the hub itself', () => {
    vi.stubEnv('HF_ENDPOINT', '')
    expect(hubEndpoint(undefined)).toBe('https://huggingface.co')
    vi.stubEnv('HF_ENDPOINT', 'https://mirror.example/')
    expect(hubEndpoint(undefined)).toBe('https://mirror.example')
    expect(hubEndpoint('http://127.0.0.1:8000/hub')).toBe('http://127.0.0.1:8000/hub')
    for (const address of ['mirror', 'file:///tmp', 'javascript:alert(1)'])
      expect(() => hubEndpoint(address)).toThrow(UserError)
    vi.unstubAllEnvs()
  })
})
