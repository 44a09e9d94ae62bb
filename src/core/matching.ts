/** Which element of one list is which of another; all numbers are positions. */
interface Matching {
  /** The same element, perhaps with other arguments; `isMoved` when its place among the others changed. */
  readonly same: readonly { readonly before: number; readonly after: number; readonly isMoved: boolean }[]
  /** What is left over on both sides, in order. */
  readonly replaced: readonly { readonly before: number; readonly after: number }[]
  readonly removed: readonly number[]
  readonly added: readonly number[]
}

/** Positions in a longest increasing subsequence. */
function longestIncreasing(values: readonly number[]): Set<number> {
  const length: number[] = []
  const previous: number[] = []
  let last = -1
  for (const [i, value] of values.entries()) {
    length[i] = 1
    previous[i] = -1
    for (let j = 0; j < i; j++) {
      if (values[j] < value && length[j] >= length[i]) {
        length[i] = length[j] + 1
        previous[i] = j
      }
    }
    if (last < 0 || length[i] > length[last]) last = i
  }
  const chosen = new Set<number>()
  for (let i = last; i >= 0; i = previous[i]) chosen.add(i)
  return chosen
}

/**
 * Matches equal elements first, then those of the same name, both in order; leftovers replace each other. The number of
 * changes found is the same in both directions.
 */
export function matchElements<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  isEqual: (a: T, b: T) => boolean,
): Matching {
  const partner = new Map<number, number>()
  const taken = new Set<number>()
  const isSameName = (a: T, b: T): boolean => a.name === b.name
  for (const isMatch of [isEqual, isSameName]) {
    for (const [i, old] of before.entries()) {
      const j = partner.has(i) ? -1 : after.findIndex((now, position) => !taken.has(position) && isMatch(old, now))
      if (j < 0) continue
      partner.set(i, j)
      taken.add(j)
    }
  }
  const pairs = [...partner].sort(([a], [b]) => a - b)
  const inPlace = longestIncreasing(pairs.map(([, j]) => j))
  const removed = [...before.keys()].filter((i) => !partner.has(i))
  const added = [...after.keys()].filter((j) => !taken.has(j))
  const replacements = Math.min(removed.length, added.length)
  return {
    same: pairs.map(([i, j], pair) => ({ before: i, after: j, isMoved: !inPlace.has(pair) })),
    replaced: removed.slice(0, replacements).map((i, k) => ({ before: i, after: added[k] })),
    removed: removed.slice(replacements),
    added: added.slice(replacements),
  }
}
