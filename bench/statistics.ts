import type { Measure } from './benchKind.ts'

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** What we need in terms of what the reference needs, round by round: below 1 is less time or memory, or more images. */
export function ratios({ unit, ours, theirs }: Measure): readonly number[] {
  if (theirs === null) return []
  return ours.map((value, round) => (unit === 'images/s' ? theirs[round] / value : value / theirs[round]))
}
