import { UserError } from '../../src/core/errors.ts'
import { splits } from '../../src/core/splits/registry.ts'
import { ours, run, type SplitCase } from '../core/splits/scikitLearn.ts'
import { readJson } from './fixtureFiles.ts'
import { attempt, compared, notImplemented, type ParityRow } from './row.ts'

function missingSplitter(one: SplitCase): string | undefined {
  const { name, args } = ours(one)
  if (!splits.names.includes(name)) return `splitter ${name}`
  const known = Object.keys(splits.get(name).arguments.shape)
  const argument = Object.keys(args).find((key) => !known.includes(key))
  return argument && `argument ${argument}`
}

/** How many images stand elsewhere in one list than in the other. */
function misplaced(list: readonly number[], reference: readonly number[]): number {
  const length = Math.max(list.length, reference.length)
  return Array.from({ length }, (_, index) => list[index] !== reference[index]).filter(Boolean).length
}

const ascending = (a: number, b: number): number => a - b

function checkSplit(item: string, one: SplitCase): ParityRow {
  if (one.error !== undefined) return checkError(item, one)
  const { folds, warnings } = run(one)
  const expected = one.folds ?? []
  if (JSON.stringify(warnings) !== JSON.stringify(one.warnings ?? [])) {
    return { item, verdict: 'FAIL', note: `warns ${JSON.stringify(warnings)}` }
  }
  let error = Math.abs(folds.length - expected.length)
  for (const [index, { train, validation }] of folds.entries()) {
    const test = expected[index] ?? []
    const others = Array.from({ length: one.n }, (_, image) => image).filter((image) => !test.includes(image))
    error += misplaced(validation, test)
    error += one.train ? misplaced(train, one.train[index]) : misplaced(train.toSorted(ascending), others)
  }
  return compared(item, { value: { error, tolerance: 0 } })
}

/** Both refuse, in the same words. */
function checkError(item: string, one: SplitCase): ParityRow {
  try {
    run(one)
  } catch (error) {
    const isSame = error instanceof UserError && error.message === one.error
    return { item, verdict: isSame ? 'ok' : 'FAIL', note: isSame ? 'the same error' : String(error) }
  }
  return { item, verdict: 'FAIL', note: `scikit-learn refuses: ${one.error}` }
}

export async function* splitRows(folder: string): AsyncIterable<ParityRow> {
  const { cases } = readJson(folder, 'cases.json') as { cases: readonly SplitCase[] }
  for (const [index, one] of cases.entries()) {
    const given = Object.entries(one.arguments).map(([key, value]) => `${key}=${String(value)}`)
    const item = `${index} ${one.splitter} n=${one.n} ${given.join(' ')}`
    const missing = missingSplitter(one)
    yield missing !== undefined ? notImplemented(item, missing) : await attempt(item, () => checkSplit(item, one))
  }
}
