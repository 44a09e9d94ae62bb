import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import { reasonIn } from './reason.ts'

const recordSchema = z.looseObject({ type: z.string() })
/** One line of what the program prints with `--json`. */
export type ProgramRecord = Readonly<z.infer<typeof recordSchema>>

/**
 * Runs a short command of the program to its end, as a child of this window.
 * @param program path of the built command line  @param signal ends the child
 * @param environment variables beside those of this process
 * @param onRecord called for what it prints, as it comes
 * @returns what it printed
 * @throws UserError what it says the person can mend  @throws Error where it is at fault, or could not be started
 * @throws the signal's reason after an abort
 */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  signal: AbortSignal,
  environment: Readonly<Record<string, string>> = {},
  onRecord: (record: ProgramRecord) => void = () => undefined,
): Promise<readonly ProgramRecord[]> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, [program, ...programArguments, '--json'], {
    env: { ...process.env, ...environment, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const end = (): void => {
    child.kill()
  }
  signal.addEventListener('abort', end)
  try {
    const [output, words] = [recordsOf(child.stdout, onRecord), textOf(child.stderr)]
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    signal.throwIfAborted()
    const records = await output
    if (code === 0) return records
    throw failureOf(records, await words)
  } finally {
    signal.removeEventListener('abort', end)
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  stream.setEncoding('utf8')
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

async function recordsOf(
  input: NodeJS.ReadableStream,
  onRecord: (record: ProgramRecord) => void,
): Promise<readonly ProgramRecord[]> {
  const records: ProgramRecord[] = []
  for await (const line of createInterface({ input })) {
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      // Not meant for programs.
    }
    const record = recordSchema.safeParse(value).data
    if (record === undefined) continue
    records.push(record)
    onRecord(record)
  }
  return records
}

function failureOf(records: readonly ProgramRecord[], words: string): Error {
  const failed = records.find(({ type }) => type === 'failed')
  const word = (key: string): string | undefined => (typeof failed?.[key] === 'string' ? failed[key] : undefined)
  const message = word('message') ?? reasonIn(words) ?? 'the program ended without a word'
  const code = word('code')
  return failed === undefined || code === 'bug'
    ? new Error(message)
    : new UserError(message, { hint: word('hint'), code })
}
