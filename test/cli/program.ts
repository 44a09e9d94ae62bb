import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { parseEventLine, type EventOf, type RunEvent, type RunEventType } from '../../src/protocol/events.ts'
import { withMutex } from '../../src/runs/mutex.ts'

const root = resolve(import.meta.dirname, '../..')
const built = join(root, 'dist')
/** A copy of the built program for this worker: whoever builds again meanwhile does not disturb the tests. */
const copy = join(root, '.tsbuild', 'test-program', process.env['VITEST_POOL_ID'] ?? '0')
const cli = join(copy, 'cli.js')
/** A cache of the tests' own: self-tests of the engine run once, the user's weights stay out of it. */
const environment = { ...process.env, FOLDWISE_CACHE: join(root, '.tsbuild', 'test-cache') }

function newestSource(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Math.max(...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs))
}

function isBuilt(): boolean {
  const inputs = [newestSource(join(root, 'src')), statSync(join(root, 'esbuild.mjs')).mtimeMs]
  const program = join(built, 'cli.js')
  return existsSync(program) && statSync(program).mtimeMs > Math.max(...inputs)
}

// Test files run in several processes; one of them builds.
mkdirSync(join(root, '.tsbuild'), { recursive: true })
await withMutex(join(root, '.tsbuild'), 'test-build', () => {
  if (!isBuilt()) {
    const { status, stderr } = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }
  mkdirSync(copy, { recursive: true })
  for (const file of ['cli.js', 'loaderWorker.js', 'torchFileWorker.js'])
    copyFileSync(join(built, file), join(copy, file))
  return Promise.resolve()
})
/** How a command ended and what it wrote. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface StartOptions {
  readonly cwd?: string | undefined
  readonly cache?: string | undefined
  /** Program in front of Node, e.g. one that limits the disk. */
  readonly wrapper?: readonly string[]
}

/** The command line program as a real process; killed at the end of the test where it still runs. */
export class Foldwise {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  private stdout = ''
  private stderr = ''

  constructor(args: readonly string[], { cwd, cache, wrapper = [] }: StartOptions = {}) {
    const [command, ...rest] = [...wrapper, process.execPath, cli, ...args]
    const env = cache === undefined ? environment : { ...environment, FOLDWISE_CACHE: cache }
    this.process = spawn(command, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.process.stdout!.on('data', (chunk) => (this.stdout += String(chunk)))
    this.process.stderr!.on('data', (chunk) => (this.stderr += String(chunk)))
    this.ended = new Promise((fulfil, reject) => {
      this.process.on('error', reject)
      this.process.on('close', (code, signal) => {
        fulfil({ code, signal, stdout: this.stdout, stderr: this.stderr })
      })
    })
    try {
      onTestFinished(() => {
        this.process.kill('SIGKILL')
      })
    } catch {
      // Started by a hook, which waits for it.
    }
  }

  /** Waits for an event (the program runs with --json); throws with its stderr where it ends before. */
  async event<Type extends RunEventType>(
    type: Type,
    holds: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    const isWanted = (event: RunEvent): event is EventOf<Type> => event.type === type && holds(event as EventOf<Type>)
    for (;;) {
      const found = eventsIn(this.stdout).find(isWanted)
      if (found !== undefined) return found
      if (this.process.exitCode !== null || this.process.signalCode !== null)
        throw new Error(`the program ended before its event "${type}":\n${this.stderr}`)
      await new Promise((fulfil) => setTimeout(fulfil, 5))
    }
  }
}

/** Runs a command to its end. */
export async function foldwise(args: readonly string[], options?: StartOptions): Promise<Ended> {
  return new Foldwise(args, options).ended
}

/** Events among lines of NDJSON; a line that is still being written is left out. */
export function eventsIn(stdout: string): readonly RunEvent[] {
  return stdout
    .split('\n')
    .map((line) => parseEventLine(line))
    .filter((event) => event !== undefined)
}

/** The one record of a verb that is no event. */
export function recordIn(stdout: string, type: string): unknown {
  const lines = stdout.trim().split('\n')
  const records = lines.map((line) => JSON.parse(line) as { readonly type: string })
  return records.find((record) => record.type === type)
}
