import { readFileSync } from 'node:fs'
import { applyEdits, modify } from 'jsonc-parser'
import { writeFileAtomic } from './atomicFile.ts'
import { readError } from './diskErrors.ts'
import { parseJsonc, type JsonPath } from './jsonc.ts'

/**
 * Sets one value of a file in place: comments, order and layout of everything else stay as they are.
 * @param path a key that is not there is added at the end of its object
 * @throws UserError `not-found`, `cannot-read`, `broken-jsonc` with the line, `disk-full`, `cannot-write`
 */
export async function editJsonc(file: string, path: JsonPath, value: unknown): Promise<void> {
  const before = readText(file)
  const after = withJsoncValue(before, file, path, value)
  if (after !== before) await writeFileAtomic(file, after)
}

/** The text with one value set. @param file names it in errors @throws UserError `broken-jsonc` with the line */
function withJsoncValue(text: string, file: string, path: JsonPath, value: unknown): string {
  parseJsonc(text, file)
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const body = text.slice(mark.length)
  return mark + applyEdits(body, modify(body, [...path], value, { formattingOptions: layoutOf(body) }))
}

/** How the file is laid out, from its first indented line. */
function layoutOf(text: string): { readonly insertSpaces: boolean; readonly tabSize: number; readonly eol: string } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  '
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw readError(error, file)
  }
}
