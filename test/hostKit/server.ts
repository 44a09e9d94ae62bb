import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { delimiter, dirname, join, resolve } from 'node:path'
import { hostPrograms } from '../../scripts/hostCache.mjs'
import type { Profile } from './profile.ts'
import { runMark } from './runProcesses.ts'
import { until } from './until.ts'

export interface ServerOptions {
  readonly profile: Profile
  /** Package to install first. */
  readonly vsix: string | undefined
  /** Whether an extension is loaded from its folder: the built workbench wants the flag of VS Code's own smoke tests for it. */
  readonly isDevelopment: boolean
  readonly isTrustAsked: boolean
  readonly locale: string | undefined
  readonly environment: Readonly<Record<string, string>>
  readonly log: (line: string) => void
}

/** Starts VS Code's server on loopback. @returns its host and port */
export async function startServer(options: ServerOptions): Promise<string> {
  const { profile, log, locale, vsix } = options
  const { node, codeServer } = hostPrograms()
  const environment = serverEnvironment(options, node)
  const common = [
    codeServer,
    ...['--config', join(profile.root, 'config.yaml')],
    ...['--user-data-dir', join(profile.root, 'data')],
    ...['--extensions-dir', join(profile.root, 'extensions')],
  ]
  if (vsix !== undefined) install(node, common, vsix, environment)
  const authority = `127.0.0.1:${await freePort()}`
  const child = spawn(
    node,
    [
      ...common,
      ...['--auth', 'none', '--bind-addr', authority, '--disable-telemetry', '--disable-update-check'],
      '--ignore-last-opened',
      ...(options.isTrustAsked ? [] : ['--disable-workspace-trust']),
      ...(options.isDevelopment ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
      ...(locale === undefined ? [] : ['--locale', locale]),
    ],
    { env: environment, cwd: profile.root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      output = `${output}${bytes.toString('utf8')}`.slice(-3000)
      log(`[server] ${bytes.toString('utf8').trim()}`)
    })
  const state = await until(
    () => `VS Code's server; it says:\n${output}`,
    async () => {
      if (child.exitCode !== null) return `ended with code ${child.exitCode}:\n${output}`
      return (await fetch(`http://${authority}/healthz`)).ok && 'up'
    },
    60,
  )
  if (state !== 'up') throw new Error(`VS Code's server ${state}`)
  return authority
}

/** Ours, without what tells programs that they run inside of another VS Code, a test runner, npm, or behind a proxy. */
function serverEnvironment({ profile, environment }: ServerOptions, node: string): NodeJS.ProcessEnv {
  const foreign =
    /^(VSCODE_|ELECTRON_|CODE_SERVER_|CS_|npm_|XDG_|VITEST|(NODE_OPTIONS|NODE_ENV|TEST|(https?|all|no)_proxy)$)/i
  const own = Object.entries(process.env).filter(([key]) => !foreign.test(key))
  return {
    ...Object.fromEntries(own),
    HOME: join(profile.root, 'home'),
    TMPDIR: join(profile.root, 'tmp'),
    PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    [runMark]: profile.run,
    ...environment,
  }
}

function install(node: string, common: readonly string[], file: string, environment: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = spawnSync(node, [...common, '--install-extension', resolve(file), '--force'], {
    env: environment,
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (status !== 0 || /failed installing/i.test(stdout + stderr))
    throw new Error(`installing ${file} failed:\n${stdout}${stderr}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  const address = server.address()
  await new Promise((done) => {
    server.close(done)
  })
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
