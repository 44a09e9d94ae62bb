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
    }
  })
}
