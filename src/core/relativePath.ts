import * as z from 'zod'

/** A path that does not lead out of the workspace. @param what a folder or file, for the message */
export function relativePath(what: string): z.ZodString {
  return z
    .string()
    .min(1)
    .refine(
      (path) => !/^([\\/]|[A-Za-z]:)/.test(path) && !path.split(/[\\/]/).includes('..'),
      `must be a ${what} inside the workspace, written relative to it`,
    )
}
