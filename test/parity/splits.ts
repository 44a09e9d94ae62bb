import { UserError } from '../../src/core/errors.ts'
import { RandomState } from '../../src/core/randomState.ts'
import { shuffleSplit } from '../../src/core/splits/holdOut.ts'
import type { Fold } from '../../src/core/splits/method.ts'
import { splits } from '../../src/core/splits/registry.ts'
import { readJson } from './fixtureFiles.ts'
import { attempt, compared, notImplemented, type ParityRow } from './row.ts'

interface SplitArguments {
  readonly n_splits?: number
  readonly shuffle?: boolean
  readonly random_state?: number
  readonly test_size?: number
}

interface SplitCase {
  readonly splitter: string
  readonly arguments: SplitArguments
  readonly n: number
  readonly groups?: readonly (string | number)[]
  readonly folds?: readonly (readonly number[])[]
  /** Only where it is not the sorted complement of the fold. */
  readonly train?: readonly (readonly number[])[]
  readonly warnings?: readonly string[]
  readonly error?: string
}

/** Our form of each of scikit-learn's splitters, and the arguments that it takes. */
const ours: Readonly<
  Record<string, { takes: readonly (keyof SplitArguments)[]; run: (one: SplitCase) => readonly Fold[] }>
> = {
  KFold: { takes: ['n_splits', 'shuffle', 'random_state'], run: folded },
  GroupKFold: { takes: ['n_splits', 'shuffle', 'random_state'], run: folded },
  ShuffleSplit: {
    takes: ['n_splits', 'random_state', 'test_size'],
    run: ({ n, arguments: { n_splits: length = 10, random_state: seed = 0, test_size: share = 0.1 } }) => {
      const random = new RandomState(seed)
      return Array.from({ length }, () => shuffleSplit(n, share, random))
    },
  },
  train_test_split: {
    takes: ['shuffle', 'random_state', 'test_size'],
    run: ({ n, arguments: { shuffle = true, random_state: seed, test_size: val_fraction = 0.25 } }) => {
      const method = splits.get('HoldOut')
      return method.split({ count: n }, method.arguments.parse({ val_fraction, shuffle, seed }))
    },
  },
}

function folded({ splitter, arguments: given, n, groups }: SplitCase): readonly Fold[] {
  const method = splits.get(splitter)
  const { n_splits, shuffle = false, random_state: seed } = given
  return method.split({ count: n, groups }, method.arguments.parse({ n_splits, shuffle, seed }))
}

function missingSplitter({ splitter, arguments: given, warnings }: SplitCase): string | undefined {
  if (!Object.hasOwn(ours, splitter)) return `splitter ${splitter}`
  if (warnings !== undefined) return 'warnings'
  const argument = Object.keys(given).find((key) => !(ours[splitter].takes as readonly string[]).includes(key))
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
  const folds = ours[one.splitter].run(one)
  const expected = one.folds ?? []
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
    ours[one.splitter].run(one)
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
