import { readFileSync, statSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { UserError } from '../core/errors.ts'
import { nearestName } from '../core/nearest.ts'
import type { ImageColumn } from '../core/splits/projectSplit.ts'
import { pathInside } from '../runs/containment.ts'
import { stemOf } from './matchMasks.ts'

const mostBytes = 64 * 2 ** 20

/**
 * The value of every image in a column of a CSV file (RFC 4180, with a header line; comma, semicolon or tab).
 * @param names of the images; the file may have more
 * @throws UserError when the file or a column is missing, an image has no line, or lines of one image disagree
 */
export function readCsvColumn(
  root: string,
  { file, column, image }: ImageColumn,
  names: readonly string[],
): ReadonlyMap<string, string> {
  const path = pathInside(root, file)
  const rows = readRows(path)
  for (const key of [image, column]) requireColumn(Object.keys(rows[0] ?? {}), key, path)
  const values = new Map<string, string>()
  for (const [index, row] of rows.entries()) {
    const value = row[column].trim()
    const before = values.get(row[image])
    if (before !== undefined && before !== value) {
      throw new UserError(`Two lines of ${row[image]} have different values of "${column}".`, {
        file: path,
        // The header is line 1.
        line: index + 2,
        value: [before, value],
        allowed: 'one value for each image',
        code: 'csv-conflict',
      })
    }
    values.set(row[image], value)
  }
  const found = names.map((name) => [name, valueOf(values, name)] as const)
  const missing = found.filter(([, value]) => value === undefined).map(([name]) => name)
  if (missing.length > 0) {
    throw new UserError(`${missing.length} of ${names.length} images have no line in the file, e.g. ${missing[0]}.`, {
      file: path,
      allowed: `column "${image}" names every image, with or without folder and ending`,
      code: 'csv-images',
    })
  }
  return new Map(found as [string, string][])
}

function readRows(path: string): Record<string, string>[] {
  try {
    if (statSync(path).size > mostBytes)
      throw new UserError('The file is too large for a table.', { file: path, allowed: '64 MiB', code: 'csv' })
    const delimiter = [',', ';', '\t']
    return parse(readFileSync(path), { bom: true, columns: true, delimiter, skip_empty_lines: true, trim: true })
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(`The table cannot be read: ${reason}`, { file: path, cause, code: 'csv' })
  }
}

function requireColumn(columns: readonly string[], key: string, path: string): void {
  if (columns.includes(key)) return
  const nearest = nearestName(key, columns)
  throw new UserError(`The table has no column "${key}".`, {
    file: path,
    value: key,
    allowed: columns,
    hint: nearest === undefined ? undefined : `Did you mean "${nearest}"?`,
    code: 'csv-column',
  })
}

/** By the name as it is, without its ending, without its folder, without both. */
function valueOf(values: ReadonlyMap<string, string>, name: string): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1)
  return values.get(name) ?? values.get(stemOf(name)) ?? values.get(base) ?? values.get(stemOf(base))
}
