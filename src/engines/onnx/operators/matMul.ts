import type { Emitter } from '../emitter.ts'

// One place for the runtime's own operator: the CPU multiplies transposed matrices without a copy. Providers that lack it
// run it on the CPU.

/** Aᵀ·B over the last two axes. */
export function matMulTransposedLeft(emitter: Emitter, a: string, b: string): string {
  return emitter.op('FusedMatMul', [a, b], { transA: 1 }, 'com.microsoft')
}

/** A·Bᵀ over the last two axes. */
export function matMulTransposedRight(emitter: Emitter, a: string, b: string): string {
  return emitter.op('FusedMatMul', [a, b], { transB: 1 }, 'com.microsoft')
}
