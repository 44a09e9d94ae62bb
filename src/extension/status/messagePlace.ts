import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** A place in a file that a message of the program begins with. */
export interface MessagePlace {
  readonly file: string
  /** From 1; undefined where the message names the file only. */
  readonly line: number | undefined
}

/**
 * The file a message is about: `foldwise/project.jsonc:4: …` or `masks/a.png: …`, relative to the project or absolute.
 * undefined where it names none that exists.
 */
export function placeIn(message: string, root: string): MessagePlace | undefined {
  // A drive letter has a colon of its own.
  const parts = /^((?:[A-Za-z]:)?[^:\n]+)(?::(\d+))?: /.exec(message)
  if (parts === null) return undefined
  const [, path, line = ''] = parts
  const file = resolve(root, path)
  if (!existsSync(file)) return undefined
  return { file, line: line === '' ? undefined : Number(line) }
}
