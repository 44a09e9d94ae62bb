import { UserError } from '../core/errors.ts'

/** Disk, quota and file size limit: the same trouble for a person. */
const noSpaceCodes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG']

/** The operating system's code of a failed call (`ENOENT`…); undefined for every other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined
}

/** What to throw when writing `file` failed: a `UserError` with code `disk-full` or `cannot-write`; a bug stays a bug. */
export function writeError(error: unknown, file: string): unknown {
  const code = systemCode(error)
  if (code === undefined) return error
  if (noSpaceCodes.includes(code)) {
    return new UserError(`no space left to write this file (${code})`, {
      file,
      code: 'disk-full',
      hint: 'Free space on this disk or raise the quota, then run again; what was complete before is kept.',
      cause: error,
    })
  }
  return new UserError(`this file cannot be written (${code})`, {
    file,
    code: 'cannot-write',
    hint: 'Check that the folder exists, is on a writable disk and belongs to you.',
    cause: error,
  })
}

/** What to throw when reading `file` failed: a `UserError` with code `not-found` or `cannot-read`; a bug stays a bug. */
export function readError(error: unknown, file: string): unknown {
  const code = systemCode(error)
  if (code === undefined) return error
  return code === 'ENOENT'
    ? new UserError('this file does not exist', { file, code: 'not-found', hint: 'Check the name.', cause: error })
    : new UserError(`this file cannot be read (${code})`, {
        file,
        code: 'cannot-read',
        hint: 'Check that it is a file and that you may read it.',
        cause: error,
      })
}
