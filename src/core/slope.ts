/** What a sequence of losses does, judged by its robust slope. */
export interface SlopeVerdict {
  readonly verdict: 'falls' | 'does not fall' | 'unclear'
  /** Theil–Sen slope: loss per step; null when there is nothing to judge. */
  readonly slope: number | null
  /** 95 % confidence interval of the slope (Sen 1968), per step; null with the slope. */
  readonly interval: readonly [number, number] | null
}

/** Pairs grow with the square: a longer sequence is first averaged in equal groups down to this many points. */
const mostPoints = 200
/** Fewer points cannot tell a trend from noise at 95 %. */
const fewestPoints = 8
const normal975 = 1.959964
/** Within this share of the median loss over the whole sequence, a change counts as none. */
const flatShare = 0.01

function medianOfSorted(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Means of equal groups, with the mean step of each group; a last, smaller group is left out. */
function grouped(values: readonly number[]): { x: number[]; y: number[] } {
  const size = Math.ceil(values.length / mostPoints)
  const groups = Math.floor(values.length / size)
  const y = Array.from(
    { length: groups },
    (_, i) => values.slice(i * size, (i + 1) * size).reduce((sum, value) => sum + value, 0) / size,
  )
  return { x: y.map((_, i) => i * size + (size - 1) / 2), y }
}

function sortedSlopes(x: readonly number[], y: readonly number[]): number[] {
  const slopes: number[] = []
  for (let j = 1; j < y.length; j++) for (let i = 0; i < j; i++) slopes.push((y[j] - y[i]) / (x[j] - x[i]))
  return slopes.sort((a, b) => a - b)
}

/**
 * Theil–Sen estimate (median of all pairwise slopes; Sen 1968): outliers in up to 29 % of the steps do not move it far.
 * "falls": the whole interval is below zero. "does not fall": it is above zero, so close to zero that the loss would change by
 * less than 1 % over the sequence, or a loss is not finite. Otherwise, or with fewer than 8 steps, "unclear".
 * @param losses one per step, in step order
 */
export function judgeSlope(losses: readonly number[]): SlopeVerdict {
  if (!losses.every(Number.isFinite)) return { verdict: 'does not fall', slope: null, interval: null }
  if (losses.length < fewestPoints) return { verdict: 'unclear', slope: null, interval: null }
  const { x, y } = grouped(losses)
  const slopes = sortedSlopes(x, y)
  const n = y.length
  const width = normal975 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
  const lower = slopes[Math.max(0, Math.floor((slopes.length - width) / 2))]
  const upper = slopes[Math.min(slopes.length - 1, Math.ceil((slopes.length + width) / 2))]
  const flat = (flatShare * Math.abs(medianOfSorted(losses.toSorted((a, b) => a - b)))) / losses.length
  const result = { slope: medianOfSorted(slopes), interval: [lower, upper] } as const
  if (lower >= -flat) return { verdict: 'does not fall', ...result }
  return { verdict: upper < 0 ? 'falls' : 'unclear', ...result }
}
