import type { ActivationKind, FusedActivation } from '../../../graph/operations.ts'
import type { Emitter } from '../emitter.ts'

// Element by element on values of equal shape, so these hold in every memory layout.

export function activate(emitter: Emitter, kind: ActivationKind | FusedActivation, x: string): string {
  switch (kind) {
    case 'identity':
      return x
    case 'relu':
      return emitter.op('Relu', [x])
    case 'relu6':
      return emitter.op('Clip', [x, emitter.floats([], [0]), emitter.floats([], [6])])
    case 'sigmoid':
      return emitter.op('Sigmoid', [x])
    case 'silu':
      return emitter.op('QuickGelu', [x], { alpha: { float: 1 } }, 'com.microsoft')
    case 'gelu':
      return emitter.op('Gelu', [x])
  }
}

/** A power of two, so that slope · bound is exact: HardSigmoid becomes a step, the cheapest comparison there is. */
const steep = 2 ** 100

/** 1 where x > 0, else 0. */
export function isPositive(emitter: Emitter, x: string): string {
  return emitter.op('HardSigmoid', [x], { alpha: { float: steep }, beta: { float: 0 } })
}

/** 1 where x < bound, else 0. @param bound a small whole number */
export function isBelow(emitter: Emitter, x: string, bound: number): string {
  return emitter.op('HardSigmoid', [x], { alpha: { float: -steep }, beta: { float: bound * steep } })
}

/** dy · activation′, from the value x before the activation and y after it. */
export function activationGradient(
  emitter: Emitter,
  kind: ActivationKind | FusedActivation,
  x: string,
  y: string,
  dy: string,
): string {
  switch (kind) {
    case 'identity':
      return dy
    case 'relu':
      return emitter.multiply(dy, isPositive(emitter, y))
    case 'relu6':
      return emitter.multiply(dy, emitter.multiply(isPositive(emitter, y), isBelow(emitter, y, 6)))
    case 'sigmoid':
      return emitter.multiply(dy, emitter.subtract(y, emitter.multiply(y, y)))
    case 'silu': {
      // σ(x)·(1 + x − y)
      const factor = emitter.add(emitter.subtract(x, y), emitter.float(1))
      return emitter.multiply(emitter.multiply(dy, emitter.op('Sigmoid', [x])), factor)
    }
    case 'gelu':
      return emitter.multiply(dy, geluSlope(emitter, x))
  }
}

/** Φ(x) + x·φ(x) = ½ + ½·erf(a) + a·e^(−a²)/√π with a = x/√2. */
function geluSlope(emitter: Emitter, x: string): string {
  const a = emitter.multiply(x, emitter.float(Math.SQRT1_2))
  const distribution = emitter.op('HardSigmoid', [emitter.op('Erf', [a])], {
    alpha: { float: 0.5 },
    beta: { float: 0.5 },
  })
  // Divided by e^(a²): where that overflows, the quotient is the 0 that it should be.
  const density = emitter.divide(a, emitter.op('Exp', [emitter.multiply(a, a)]))
  return emitter.add(distribution, emitter.multiply(density, emitter.float(1 / Math.sqrt(Math.PI))))
}
