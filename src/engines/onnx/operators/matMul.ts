import type { Emitter } from '../emitter.ts'

// One place for the runtime's own operator: the CPU multiplies transposed matrices without a copy. WebGPU lacks it, and would
// send the matrices to the CPU and back.

/** Aᵀ·B over the last two axes. @param rank of A */
export function matMulTransposedLeft(emitter: Emitter, a: string, b: string, rank = 2): string {
  if (emitter.target === 'gpu') return emitter.op('MatMul', [turned(emitter, a, rank), b])
  return emitter.op('FusedMatMul', [a, b], { transA: 1 }, 'com.microsoft')
}

/** A·Bᵀ over the last two axes. @param rank of B */
export function matMulTransposedRight(emitter: Emitter, a: string, b: string, rank = 2): string {
  if (emitter.target === 'gpu') return emitter.op('MatMul', [a, turned(emitter, b, rank)])
  return emitter.op('FusedMatMul', [a, b], { transB: 1 }, 'com.microsoft')
}

/** Its last two axes exchanged. */
export function turned(emitter: Emitter, x: string, rank: number): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  return emitter.transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2])
}
