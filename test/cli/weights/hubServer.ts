import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** How a hub misbehaves; each function is asked per request for the file. */
export interface HubBehaviour {
  /** Bytes after which nothing comes until `cut`; 0 cuts at once, undefined lets the request through. */
  readonly holdAfter?: (request: number) => number | undefined
  readonly ignoresRanges?: boolean
  /** What is sent in place of the content. */
  readonly sends?: Uint8Array
  /** Answer to everything. */
  readonly status?: number
  readonly lfs?: unknown
}

export interface Hub {
  readonly endpoint: string
  /** `Range` of each request for the file. */
  readonly ranges: (string | undefined)[]
  /** Paths that were asked for. */
  readonly paths: string[]
  /** Cuts what is under way. */
  readonly cut: () => void
  readonly stop: () => Promise<void>
}

export const headCommit = 'c'.repeat(40)

/** A model hub on loopback, as far as @huggingface/hub asks one; stopped with the test. */
export async function startHub(content: Uint8Array, behaviour: HubBehaviour = {}): Promise<Hub> {
  const [ranges, paths]: [(string | undefined)[], string[]] = [[], []]
  const oid = createHash('sha256').update(content).digest('hex')
  const lfs = behaviour.lfs ?? { oid, size: content.length, pointerSize: 100 }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    paths.push(path)
    if (behaviour.status !== undefined) response.writeHead(behaviour.status).end()
    else if (path.includes('/paths-info/'))
      json(response, [{ type: 'file', path: 'model.safetensors', size: content.length, oid: 'x', lfs }])
    else if (path.startsWith('/api/models/')) json(response, { _id: '0', id: 'a/b', sha: headCommit, tags: [] })
    else sendFile(request, response)
  })

  function sendFile(request: IncomingMessage, response: ServerResponse): void {
    const { range } = request.headers
    const isProbe = range === 'bytes=0-0'
    if (!isProbe) ranges.push(range)
    const from = behaviour.ignoresRanges === true && !isProbe ? 0 : Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0)
    const body = (behaviour.sends ?? content).subarray(from, isProbe ? 1 : undefined)
    const isPart = range !== undefined && (isProbe || behaviour.ignoresRanges !== true)
    response.writeHead(isPart ? 206 : 200, {
      etag: `"${oid}"`,
      'content-length': body.length,
      ...(isPart && { 'content-range': `bytes ${from}-${from + body.length - 1}/${content.length}` }),
    })
    const held = isProbe ? undefined : behaviour.holdAfter?.(ranges.length)
    if (held === undefined) response.end(body)
    else if (held === 0) response.destroy()
    else response.write(body.subarray(0, held))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    server.closeAllConnections()
  }
  const stop = async (): Promise<void> => {
    cut()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(stop)
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ranges, paths, cut, stop }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
