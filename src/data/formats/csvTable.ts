import { parse } from 'csv-parse/sync'
import { UserError } from '../../core/errors.ts'
import { readText } from './readText.ts'

/** A CSV of run lengths. */
export interface RunTable {
  /** Whether a column names the class. */
  readonly hasClasses: boolean
  readonly rows: readonly RunRow[]
}

interface RunRow {
  /** From 1, the header being line 1. */
  readonly line: number
  readonly image: string
  /** Empty where the image has no object. */
  readonly runs: string
  /** Empty where the file has no such column. */
  readonly className: string
}

/** Names of the columns in Kaggle's competitions, in lower case. */
const columnNames = {
  image: ['imageid', 'image_id', 'image', 'id', 'filename'],
  runs: ['encodedpixels', 'encoded_pixels', 'rle', 'segmentation'],
  className: ['classid', 'class_id', 'class', 'label', 'category'],
} as const

/** Undefined where the header is of another kind of table. @throws UserError for what cannot be read as CSV */
export async function readRunTable(path: string): Promise<RunTable | undefined> {
  const [header = [], ...lines] = parseRows(await readText(path), path)
  const names = header.map((name) => name.toLowerCase())
  const placeOf = (of: keyof typeof columnNames): number => names.findIndex((name) => (columnNames[of] as readonly string[]).includes(name)) // prettier-ignore
  const [image, runs, className] = [placeOf('image'), placeOf('runs'), placeOf('className')]
  if (image < 0 || runs < 0) return undefined
  return {
    hasClasses: className >= 0,
    rows: lines.map((cells, index) => ({
      line: index + 2,
      image: cells[image],
      runs: /^(-1|nan|)$/i.test(cells[runs]) ? '' : cells[runs],
      className: className < 0 ? '' : cells[className],
    })),
  }
}

function parseRows(text: string, path: string): string[][] {
  try {
    return parse(text, { delimiter: [',', ';', '\t'], skip_empty_lines: true, trim: true })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(`the table cannot be read: ${reason}`, { file: path, cause, code: 'csv' })
  }
}
