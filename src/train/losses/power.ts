import { exp, greater, log, maximum, multiply } from '../../graph/elementwise.ts'
import type { Tensor } from '../../graph/tensor.ts'

/** x^exponent for x ≥ 0; 0 with gradient 0 at 0, where an exponent below 1 has an infinite slope (definitions 2.1). */
export function power(x: Tensor, exponent: number): Tensor {
  if (exponent === 1) return x
  // Rounding may take a loss of nothing a little below 0.
  const smallest = 1e-20
  return multiply(exp(multiply(log(maximum(x, smallest)), exponent)), greater(x, smallest))
}
