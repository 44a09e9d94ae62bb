/** Mean ± standard deviation of a few scores (folds, seeds). */
export interface Spread {
  readonly count: number
  /** null when there are no values. */
  readonly mean: number | null
  /** Sample standard deviation (n − 1); null with fewer than two values. */
  readonly deviation: number | null
}

export function spread(values: readonly number[]): Spread {
  const count = values.length
  if (count === 0) return { count, mean: null, deviation: null }
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  if (count === 1) return { count, mean, deviation: null }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { count, mean, deviation: Math.sqrt(squares / (count - 1)) }
}
