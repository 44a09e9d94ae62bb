import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { TrainingEngineChoice } from '../train/trainingEngines.ts'
import type { BenchRecord } from './output/benchTable.ts'

/**
 * `foldwise bench` with one engine, in a process of its own: memory is counted by the process, and a driver may take it along.
 * @param words the other arguments
 * @returns what it measured, or why it could not
 */
export async function benchEngine(
  { engine }: TrainingEngineChoice,
  words: readonly string[],
): Promise<BenchRecord | string> {
  const args = [process.argv[1], 'bench', ...words, '--engine', engine, '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ])
  const lines = stdout.split('\n').filter((line) => line !== '')
  const record = lines.map((line) => JSON.parse(line) as BenchRecord | Failure).at(-1)
  if (record?.type === 'bench') return record
  return record?.message ?? `it ended with ${signal ?? `code ${code}`}. ${stderr.trim()}`
}

interface Failure {
  readonly type: 'failed'
  readonly message: string
}
