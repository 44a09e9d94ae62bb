import type { Fold } from '../../../src/core/splits/method.ts'
import { splits } from '../../../src/core/splits/registry.ts'

/** A case of scikit-learn's splitters in the fixtures. */
export interface SplitCase {
  readonly splitter: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly n: number
  /** One label per image, or per image and class 0 or 1. */
  readonly y?: readonly (string | number)[] | readonly (readonly number[])[]
  readonly groups?: readonly (string | number)[]
  readonly folds?: readonly (readonly number[])[]
  /** Only where it is not the sorted complement of the fold. */
  readonly train?: readonly (readonly number[])[]
  readonly warnings?: readonly string[]
  readonly error?: string
}

/** How our files spell scikit-learn's arguments. */
const spelling: Readonly<Record<string, string>> = { random_state: 'seed', test_size: 'val_fraction' }

/** What scikit-learn does where a case leaves it out and our default is another. */
function defaultsOf(splitter: string): Readonly<Record<string, unknown>> {
  return splitter.endsWith('KFold') && !/^(Repeated|Multilabel)/.test(splitter) ? { shuffle: false } : {}
}

/** Our method and its arguments for one of scikit-learn's splitters. */
export function ours({ splitter, arguments: given }: SplitCase): { name: string; args: Record<string, unknown> } {
  const args = Object.fromEntries(
    Object.entries({ ...defaultsOf(splitter), ...given }).map(([key, value]) => [spelling[key] ?? key, value]),
  )
  if (splitter !== 'train_test_split') {
    if (splitter.startsWith('Multilabel')) delete args['shuffle']
    return { name: splitter, args }
  }
  if (given['stratify'] === undefined) return { name: 'HoldOut', args }
  const { seed, val_fraction } = args
  return { name: 'StratifiedShuffleSplit', args: { n_splits: 1, seed, val_fraction } }
}

/** Our folds and what we warn of. @throws UserError where the images cannot be split so */
export function run(one: SplitCase): { folds: readonly Fold[]; warnings: readonly string[] } {
  const { name, args } = ours(one)
  const method = splits.get(name)
  const warnings: string[] = []
  const input = {
    count: one.n,
    groups: one.groups,
    ...(isPerClass(one.y) ? { classes: one.y.map((row) => row.map(Boolean)) } : { labels: one.y }),
    warn: (message: string) => warnings.push(message),
  }
  return { folds: method.split(input, method.arguments.parse(args)), warnings }
}

function isPerClass(y: SplitCase['y']): y is readonly (readonly number[])[] {
  return Array.isArray(y?.[0])
}
