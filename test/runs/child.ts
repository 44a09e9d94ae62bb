import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './folders.ts'

/** Builds a TypeScript program, given as text with imports relative to this folder, into a file Node can run. */
export async function buildProgram(source: string): Promise<string> {
  const outfile = join(temporaryFolder(), 'program.mjs')
  await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  })
  return outfile
}

/** A real process running such a program; killed at the end of the test if it still runs. */
export class Child {
  readonly process: ChildProcess
  readonly ended: Promise<unknown>
  private readonly lines: AsyncIterator<string, undefined>
  private errors = ''

  constructor(command: string, args: readonly string[]) {
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.ended = once(this.process, 'close')
    this.lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]()
    this.process.stderr!.on('data', (chunk) => (this.errors += String(chunk)))
    onTestFinished(() => {
      this.process.kill('SIGKILL')
    })
  }

  /** Its next line on stdout; throws with its stderr if it ended before. */
  async line(): Promise<string> {
    const next = await this.lines.next()
    if (next.done === true) throw new Error(`the child ended early:\n${this.errors}`)
    return next.value
  }

  /** Ends it as a power cut would, and waits until it is gone. */
  async killNow(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.ended
  }
}

export function startProgram(program: string, ...args: readonly string[]): Child {
  return new Child(process.execPath, [program, ...args])
}
