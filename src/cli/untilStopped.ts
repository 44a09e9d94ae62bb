import { exitCodes } from './failure.ts'
import type { Output } from './output/output.ts'

const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Does something that Ctrl-C ends: the signal aborts, and the program ends with the code for that.
 * @param subject what the record that tells programs is about
 * @param remains what a person is told that is left
 * @returns undefined where it was stopped
 */
export async function untilStopped<Result>(
  output: Output,
  subject: Readonly<Record<string, string>>,
  remains: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  const stop = new AbortController()
  const abort = (): void => {
    stop.abort()
  }
  for (const signal of signals) process.once(signal, abort)
  try {
    return await work(stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    process.exitCode = exitCodes.stopped
    if (output.isJson) output.record({ type: 'stopped', ...subject })
    else output.message(`Stopped. ${remains}`)
    return undefined
  } finally {
    for (const signal of signals) process.off(signal, abort)
  }
}
