import { readFileSync } from 'node:fs'
import type * as z from 'zod'
import { UserError } from '../core/errors.ts'
import { writeFileAtomic } from './atomicFile.ts'
import { readError } from './diskErrors.ts'

/**
 * Reads a JSON file that Foldwise wrote.
 * @throws UserError `not-found`, `cannot-read`, `other-version`, or `damaged` where its content is not what `schema` says
 */
export function readJsonFile<Value>(file: string, schema: z.ZodType<Value>): Value {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw readError(error, file)
  }
  return parseJson(text, schema, file)
}

/** @throws UserError `damaged` or `other-version` */
export function parseJson<Value>(text: string, schema: z.ZodType<Value>, file: string, line?: number): Value {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw damaged(file, line, 'it is not valid JSON', error)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]
  const { v: version } = Object(value) as { readonly v?: unknown }
  if (path.join() === 'v' && typeof version === 'number') throw otherVersion(file, line, version, parsed.error)
  throw damaged(file, line, `${path.join('.') || 'content'}: ${message}`, parsed.error)
}

/** Writes a value as indented JSON, atomically; lists of numbers and nulls stand on one line. @throws UserError `disk-full` or `cannot-write` */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  // Line breaks are JSON's own: inside a text they are escaped.
  const text = JSON.stringify(value, undefined, 2).replaceAll(/\[\n([-+\d.eE,\snul]+)\n\s*\]/g, (_, list: string) => {
    return `[${list.trim().replaceAll(/\s+/g, ' ')}]`
  })
  await writeFileAtomic(file, `${text}\n`)
}

/** Every format of ours carries its version as `v`. */
function otherVersion(file: string, line: number | undefined, version: number, cause: unknown): UserError {
  return new UserError(`this file was written by another version of Foldwise (format ${version})`, {
    file,
    line,
    code: 'other-version',
    hint: 'Update Foldwise; the file is left as it is.',
    cause,
  })
}

function damaged(file: string, line: number | undefined, reason: string, cause: unknown): UserError {
  return new UserError(`this file is damaged: ${reason}`, {
    file,
    line,
    code: 'damaged',
    hint: 'Restore it (from version control or a copy) or delete it.',
    cause,
  })
}
