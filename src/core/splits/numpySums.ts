// Sums in NumPy's order (numpy 2.4, umath/loops_utils.h: pairwise summation): where ties are decided by the last bit, the order
// of summation is part of the algorithm.

/** Beyond this many numbers NumPy sums the halves apart. */
const block = 128

/** One after the other, as NumPy adds over an axis that is not contiguous. */
export function sumOneByOne(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Eight running sums, as NumPy adds over a contiguous axis. */
export function pairwiseSum(values: readonly number[]): number {
  if (values.length < 8) return sumOneByOne(values)
  if (values.length > block) {
    const half = Math.floor(values.length / 2)
    const first = half - (half % 8)
    return pairwiseSum(values.slice(0, first)) + pairwiseSum(values.slice(first))
  }
  const whole = values.length - (values.length % 8)
  const r = values.slice(0, 8)
  for (let i = 8; i < whole; i++) r[i % 8] += values[i]
  const sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]))
  return values.slice(whole).reduce((total, value) => total + value, sum)
}

/** Of the whole population. */
export function standardDeviation(values: readonly number[], sum: (values: readonly number[]) => number): number {
  const mean = sum(values) / values.length
  return Math.sqrt(sum(values.map((value) => (value - mean) * (value - mean))) / values.length)
}
