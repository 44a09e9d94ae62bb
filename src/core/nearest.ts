/** Number of insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(last[j] + 1, row[j - 1] + 1, replaced)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, beforeLast[j - 2] + 1)
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]
}

/** A misspelt word longer than this is not compared: the table grows with the product of both lengths. */
const longestCompared = 100

/**
 * The allowed name that `name` was most likely meant to be, ignoring case, `_` and `-`; undefined when none is close
 * (more than half of the letters differ). Of equally near names the first in the list.
 */
export function nearestName(name: string, allowed: readonly string[]): string | undefined {
  if (name.length > longestCompared) return undefined
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[_-]/g, '')
  let nearest: string | undefined
  let smallest = Infinity
  for (const candidate of allowed) {
    const distance = editDistance(plain(name), plain(candidate))
    const isClose = distance <= Math.max(name.length, candidate.length) / 2
    if (isClose && distance < smallest) {
      nearest = candidate
      smallest = distance
    }
  }
  return nearest
}

const mostNames = 5

/**
 * The names that were most likely meant, the nearest first; none where none is close.
 * @param nearest finds the first of them
 */
export function nearestNames(
  word: unknown,
  allowed: readonly string[],
  nearest: (word: string, allowed: readonly string[]) => string | undefined = nearestName,
): readonly string[] {
  if (typeof word !== 'string') return []
  const found: string[] = []
  for (let left = allowed; found.length < mostNames;) {
    const next = nearest(word, left)
    if (next === undefined) break
    found.push(next)
    left = left.filter((name) => name !== next)
  }
  return found
}
