import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import * as z from 'zod'
import type { WeightsOffer } from '../../core/errors.ts'
import { reasonIn } from '../program/reason.ts'
import type { Outcome } from './job.ts'

const line = z.object({
  type: z.string(),
  run: z.string().optional(),
  message: z.string().optional(),
  hint: z.string().optional(),
  verdict: z.string().optional(),
  download: z.custom<WeightsOffer>().optional(),
})
type Line = z.infer<typeof line>

const endings: readonly string[] = ['finished', 'stopped', 'failed']
const endBytes = 64 * 1024

/** Name of the run that a trainer said it makes; undefined before it said so. @param output file of its stdout, NDJSON */
export function runIn(output: string): string | undefined {
  return parse(slice(output, 'start')).find(({ type }) => type === 'started')?.run
}

/**
 * How a trainer that is gone ended, from its last words. One that left none has failed without a message.
 * @param output file of its stdout, NDJSON  @param errors file of its stderr
 */
export function outcomeIn(output: string, errors: string): Outcome {
  const run = runIn(output)
  const lines = parse(slice(output, 'end'))
  const last = lines.findLast(({ type }) => endings.includes(type))
  const words = slice(errors, 'end').trim()
  const checks = lines.flatMap(({ type, verdict, message }) =>
    type === 'check' && verdict !== undefined && message !== undefined ? [{ verdict, message }] : [],
  )
  const common = { run, checks, words, hint: undefined }
  switch (last?.type) {
    case 'finished':
    case 'stopped':
      return { ...common, state: last.type, message: undefined }
    case 'failed':
      return { ...common, state: 'failed', message: last.message, hint: last.hint, download: last.download }
    default:
      return { ...common, state: 'failed', message: reasonIn(words) }
  }
}

function parse(text: string): readonly Line[] {
  return text.split('\n').flatMap((each) => {
    try {
      return [line.parse(JSON.parse(each))]
    } catch {
      // A torn line, or one cut by the slice.
      return []
    }
  })
}

function slice(file: string, part: 'start' | 'end'): string {
  try {
    const fd = openSync(file, 'r')
    try {
      const { size } = fstatSync(fd)
      const buffer = Buffer.alloc(Math.min(size, endBytes))
      const bytes = readSync(fd, buffer, 0, buffer.length, part === 'start' ? 0 : size - buffer.length)
      return buffer.toString('utf8', 0, bytes)
    } finally {
      closeSync(fd)
    }
  } catch {
    // Not written yet, or removed with VS Code's storage: there are no words.
    return ''
  }
}
