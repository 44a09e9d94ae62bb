import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import * as z from 'zod'
import type { Outcome } from './job.ts'

const line = z.object({
  type: z.string(),
  run: z.string().optional(),
  message: z.string().optional(),
  hint: z.string().optional(),
})

const endBytes = 64 * 1024

/** Name of the run that a trainer said it makes; undefined before it said so. @param file its stdout, NDJSON */
export function runIn(file: string): string | undefined {
  return parse(slice(file, 'start')).find(({ type }) => type === 'started')?.run
}

/**
 * How a trainer that is gone ended, from its last words.
 * @param output file of its stdout, NDJSON  @param errors file of its stderr
 * @param silent what to say when it left none: it was killed
 */
export function outcomeIn(output: string, errors: string, silent: string): Outcome {
  const run = runIn(output)
  const last = parse(slice(output, 'end')).findLast(({ type }) => ['finished', 'stopped', 'failed'].includes(type))
  switch (last?.type) {
    case 'finished':
      return { state: 'finished', run, message: undefined, hint: undefined }
    case 'stopped':
      return { state: 'stopped', run, message: undefined, hint: undefined }
    case 'failed':
      return { state: 'failed', run, message: last.message, hint: last.hint }
    default: {
      const words = slice(errors, 'end').trim()
      return { state: 'failed', run, message: words === '' ? silent : words.slice(-500), hint: undefined }
    }
  }
}

function parse(text: string): readonly z.infer<typeof line>[] {
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
