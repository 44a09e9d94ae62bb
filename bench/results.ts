import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { machineName, machineSchema, type Machine } from './machine.ts'

const measureSchema = z.strictObject({
  name: z.string(),
  unit: z.enum(['ms', 's', 'MiB', 'images/s']),
  ours: z.array(z.number()),
  theirs: z.array(z.number()).nullable(),
})

const savedRowSchema = z.strictObject({
  case: z.string(),
  settings: z.string(),
  reference: z.string().nullable(),
  measures: z.array(measureSchema),
  /** UTC day. */
  date: z.iso.date(),
  /** Processes that were running when it began, mean of a minute; 0 is an idle machine. */
  load: z.number(),
})
export type SavedRow = z.infer<typeof savedRowSchema>

const resultsSchema = z.strictObject({ kind: z.string(), machine: machineSchema, rows: z.array(savedRowSchema) })
type Results = z.infer<typeof resultsSchema>

const folder = 'bench/results'

/** Puts rows in place of those of the same case and settings; rows of other versions or of another machine never stay beside them. */
export function saveRows(kind: string, machine: Machine, rows: readonly SavedRow[]): string {
  const file = join(folder, `${kind}-${machineName(machine)}.json`)
  const known = existsSync(file) ? readFile(file) : undefined
  const kept = JSON.stringify(known?.machine) === JSON.stringify(machine) ? known!.rows : []
  const key = (row: SavedRow): string => `${row.case}\0${row.settings}`
  const all = new Map([...kept, ...rows].map((row) => [key(row), row]))
  mkdirSync(folder, { recursive: true })
  const results: Results = { kind, machine, rows: [...all.values()] }
  // The rounds of a measure on one line: a difference shows which.
  const text = JSON.stringify(results, undefined, 2).replaceAll(/\[[\d.,\s]+\]/g, (list) =>
    list.replaceAll(/\s+/g, ' '),
  )
  writeFileSync(file, `${text}\n`)
  return file
}

function readFile(file: string): Results {
  return resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
}
