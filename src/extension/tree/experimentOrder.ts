import type { SortOrder } from './treeOptions.ts'

/** What experiments are ordered by. */
export interface Sortable {
  readonly name: string
  readonly isBaseline: boolean
  readonly score: number | null
  readonly difference: number | null
  /** Time of the last activity, ISO-8601 UTC; empty where there was none. */
  readonly activity: string
}

/** Names with the baseline first, then the best or latest; what has no number comes last, in the order of the names. */
export function inOrder(order: SortOrder, experiments: readonly Sortable[]): readonly string[] {
  return experiments
    .map((each) => ({ ...each, key: nameKey(each.name) }))
    .sort(
      (a, b) =>
        Number(b.isBaseline) - Number(a.isBaseline) ||
        byOrder(order, a, b) ||
        (a.key < b.key ? -1 : Number(a.key > b.key)),
    )
    .map(({ name }) => name)
}

/** Compares as a person counts, `lr-9` before `lr-10`; made once per name, as a collator takes a hundred times longer. */
function nameKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'))
}

function byOrder(order: SortOrder, a: Sortable, b: Sortable): number {
  switch (order) {
    case 'name':
      return 0
    case 'score':
      return descending(a.score, b.score)
    case 'difference':
      return descending(a.difference, b.difference)
    case 'activity':
      return Number(a.activity < b.activity) - Number(a.activity > b.activity)
    default:
      return order satisfies never
  }
}

function descending(a: number | null, b: number | null): number {
  // Without both, infinity minus infinity is no number.
  return (b ?? -Infinity) - (a ?? -Infinity) || 0
}
