import type { ActivationKind, FusedActivation } from '../../../src/graph/operations.ts'
import type { Values } from './evaluate.ts'

export function activated(kind: FusedActivation | ActivationKind, x: Values): Values {
  return x.map((value) => {
    switch (kind) {
      case 'identity':
        return value
      case 'relu':
        return Math.max(value, 0)
      case 'relu6':
        return Math.min(Math.max(value, 0), 6)
      case 'sigmoid':
        return 1 / (1 + Math.exp(-value))
      case 'silu':
        return value / (1 + Math.exp(-value))
      case 'gelu':
        return (value * (1 + erf(value * Math.SQRT1_2))) / 2
    }
  })
}

/** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·5…(2n+1)), all terms of one sign; beyond 6 it is ±1. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}
