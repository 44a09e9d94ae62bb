import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { basename, delimiter, dirname, join } from 'node:path'
import { hostPrograms } from '../../scripts/hostCache.mjs'
import { runMark } from './markedProcesses.ts'
import type { Profile } from './profile.ts'
import { waitFor } from './waiting.ts'

export interface ServerOptions {
  readonly profile: Profile
  /** A packaged extension to install first. */
  readonly vsix?: string | undefined
  readonly locale?: string | undefined
  readonly restricted?: boolean | undefined
  /** A built workbench takes an extension from a folder only with the switch of VS Code's own smoke tests; toasts are off with it. */
  readonly isDevelopment: boolean
  readonly environment?: Readonly<Record<string, string>> | undefined
  readonly log: (line: string) => void
}

/** Starts VS Code's server on loopback; returns its authority, `127.0.0.1:PORT`. */
export async function startServer(options: ServerOptions): Promise<string> {
  const { profile, vsix } = options
  const environment = serverEnvironment(profile, options.environment)
  if (vsix !== undefined) installExtension(vsix, profile, environment)
  const port = await freePort()
  const { node, codeServer } = hostPrograms()
  const args = [
    codeServer,
    ...profileArguments(profile),
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    ...['--disable-telemetry', '--disable-update-check', '--ignore-last-opened'],
    ...(options.restricted === true ? [] : ['--disable-workspace-trust']),
    ...(options.isDevelopment ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ...(options.locale === undefined ? [] : ['--locale', options.locale]),
  ]
  const server = spawn(node, args, { env: environment, cwd: profile.root, stdio: ['ignore', 'pipe', 'pipe'] })
  await untilHealthy(server, port, options.log)
  return `127.0.0.1:${port}`
}

function profileArguments({ root, userData, extensions }: Profile): string[] {
  return ['--config', join(root, 'config.yaml'), '--user-data-dir', userData, '--extensions-dir', extensions]
}

/** Ours, without what would tell the server that it runs inside of another VS Code, a test runner or npm. */
function serverEnvironment(profile: Profile, additions: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|CODE_SERVER_|CS_|VITEST|npm_|XDG_)|^(NODE_OPTIONS|NODE_ENV|TEST|(https?|all|no)_proxy)$/i
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  return {
    ...Object.fromEntries(own),
    PATH: `${dirname(hostPrograms().node)}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: profile.home,
    TMPDIR: profile.temporary,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    [runMark]: profile.run,
    ...additions,
  }
}

function installExtension(vsix: string, profile: Profile, env: NodeJS.ProcessEnv): void {
  const { node, codeServer } = hostPrograms()
  const args = [codeServer, ...profileArguments(profile), '--install-extension', vsix, '--force']
  const { status, stdout, stderr } = spawnSync(node, args, { env, cwd: profile.root, encoding: 'utf8' })
  if (status !== 0 || /failed installing/i.test(stdout + stderr))
    throw new Error(`${basename(vsix)} could not be installed:\n${stdout}${stderr}`)
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a TCP port has a number')
  return address.port
}

async function untilHealthy(server: ChildProcess, port: number, log: (line: string) => void): Promise<void> {
  let output = ''
  const take = (chunk: Buffer): void => {
    output += chunk.toString()
    log(`[server] ${chunk.toString().trimEnd()}`)
  }
  server.stdout?.on('data', take)
  server.stderr?.on('data', take)
  await waitFor(
    () => `the VS Code server; it says:\n${output.slice(-3000)}`,
    async () => {
      if (server.exitCode !== null) throw new Error(`the VS Code server ended:\n${output.slice(-3000)}`)
      try {
        return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok ? true : undefined
      } catch {
        return undefined // not listening yet
      }
    },
    { timeout: 60_000 },
  )
}
