import { describeUserError, messageWithPlace, UserError } from '../core/errors.ts'
import type { Output } from './output/output.ts'

export const exitCodes = { done: 0, failed: 1, wrongInput: 2, stopped: 3, checkFailed: 4 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What a person can mend although the input is not at fault: the machine or the training failed. */
const notTheInput: ReadonlySet<string> = new Set([
  'disk-full',
  'cannot-write',
  'cannot-read',
  'nan-loss',
  'no-engine',
  'out-of-memory',
  'device-lost',
  'offline',
  'hub-refused',
  'hub-missing',
  'hub-odd',
  'hub-checksum',
])

/** Prints an error, in the one place that does, and says with which code the program ends. */
export function reportFailure(error: unknown, output: Output, isVerbose: boolean): ExitCode {
  const time = new Date().toISOString()
  const stack = isVerbose && error instanceof Error ? `\n${error.stack ?? ''}${causeText(error)}` : ''
  if (error instanceof UserError) {
    const { code = 'user-error', hint, download } = error.details
    output.message(`${describeUserError(error)}${stack}`)
    output.recordFailure({ type: 'failed', time, code, message: messageWithPlace(error), hint, download })
    return notTheInput.has(code) ? exitCodes.failed : exitCodes.wrongInput
  }
  const message = error instanceof Error ? error.message : String(error)
  const hint = `This is a bug in Foldwise${isVerbose ? '' : '; --verbose shows where it happened'}.`
  output.message(`${message}\n  ${hint}${stack}`)
  output.recordFailure({ type: 'failed', time, code: 'bug', message, hint })
  return exitCodes.failed
}

function causeText({ cause }: Error): string {
  return cause instanceof Error ? `\ncaused by ${cause.stack ?? cause.message}` : ''
}
