import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import { readError } from '../../runs/diskErrors.ts'

/** V8's longest string holds a little more. */
const byteLimit = 500_000_000

/** A text file in UTF-8, without its byte order mark. @throws UserError for what is missing, no regular file or too long */
export async function readText(path: string): Promise<string> {
  try {
    // Non-blocking: opening a named pipe would wait for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const found = await file.stat()
      if (!found.isFile()) throw new UserError('this is no file', { file: path, code: 'not-a-file' })
      if (found.size > byteLimit) {
        throw new UserError(`this file has ${found.size} bytes; the limit is ${byteLimit}`, {
          file: path,
          hint: 'Split the annotations into several files.',
          code: 'annotations-too-large',
        })
      }
      return (await file.readFile('utf8')).replace(/^\uFEFF/, '')
    } finally {
      await file.close()
    }
  } catch (error) {
    throw readError(error, path)
  }
}

/** @throws UserError for a file that cannot be read or is no JSON, with the place where it breaks */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path)
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(`this is no whole JSON file (${text.length} characters): ${reason}`, {
      file: path,
      hint: 'Copy or export it again.',
      code: 'broken-annotations',
      cause,
    })
  }
}

/** @throws UserError that names the file and the places in it */
export function parseFile<T>(schema: z.ZodType<T>, value: unknown, path: string, format: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.slice(0, 5).map((issue) => `${z.core.toDotPath(issue.path)}: ${issue.message}`)
  throw new UserError(`this is no ${format} file: ${faults.join('; ')}`, { file: path, code: 'broken-annotations' })
}
