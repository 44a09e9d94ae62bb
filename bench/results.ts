import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { machineName, machineSchema, type Machine } from './machine.ts'

const measureSchema = z.strictObject({
  name: z.string(),
  unit: z.enum(['ms', 's', 'MiB', 'images/s']),
  ours: z.array(z.number()).readonly(),
  theirs: z.array(z.number()).readonly().nullable(),
})

const savedRowSchema = z.strictObject({
  case: z.string(),
  settings: z.string(),
  reference: z.string().nullable(),
  measures: z.array(measureSchema).readonly(),
  /** UTC day. */
  date: z.iso.date(),
  /** Processes that were running when it began, mean of a minute; 0 is an idle machine. */
  load: z.number(),
})
export type SavedRow = z.infer<typeof savedRowSchema>

const resultsSchema = z.strictObject({ kind: z.string(), machine: machineSchema, rows: z.array(savedRowSchema) })
export type Results = z.infer<typeof resultsSchema>

const folder = 'bench/results'

/** Everything that is saved, in the order of the files' names. */
export function readResults(): readonly Results[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.toSorted().map((name) => readFile(join(folder, name)))
}

/** Puts a row in place of that of the same case and settings. Rows of other versions or of another machine never stay beside it. */
export function saveRow(kind: string, machine: Machine, row: SavedRow): void {
  const file = join(folder, `${kind}-${machineName(machine)}.json`)
  const known = existsSync(file) ? readFile(file) : undefined
  const kept = JSON.stringify(known?.machine) === JSON.stringify(machine) ? known!.rows : []
  const key = (each: SavedRow): string => `${each.case}\0${each.settings}`
  const rows = new Map([...kept, row].map((each) => [key(each), each]))
  mkdirSync(folder, { recursive: true })
  const results: Results = { kind, machine, rows: [...rows.values()] }
  // The rounds of a measure on one line: a difference shows which.
  const text = JSON.stringify(results, undefined, 2).replaceAll(/\[[\d.,\s]+\]/g, (list) =>
    list.replaceAll(/\s+/g, ' '),
  )
  writeFileSync(file, `${text}\n`)
}

function readFile(file: string): Results {
  return resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
}
