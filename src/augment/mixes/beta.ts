import type { Random } from '../transform.ts'

/** A number of Beta(α, α) as the share of one Gamma in the sum of two. */
export function drawBeta(alpha: number, random: Random): number {
  const first = logGamma(alpha, random)
  const second = logGamma(alpha, random)
  // By logarithms: with a small α both may be less than the smallest number.
  return 1 / (1 + Math.exp(second - first))
}

/** Logarithm of a number of Gamma(α, 1) (Marsaglia & Tsang, ACM TOMS 26, 2000). */
function logGamma(alpha: number, random: Random): number {
  if (alpha < 1) return logGamma(alpha + 1, random) + Math.log(1 - random.next()) / alpha
  const d = alpha - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = random.normal()
    const root = 1 + c * x
    if (root <= 0) continue
    const v = root ** 3
    if (Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v)
  }
}
