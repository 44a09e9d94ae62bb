import type { Emitter } from '../emitter.ts'

/**
 * A zero, [1], that exists when the value does and not before. What it is added to stays the same to the bit, and is no longer
 * the same as an earlier value that the runtime's optimizer would take in its place.
 */
export function zeroAfter(emitter: Emitter, value: string, rank: number): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  const first = emitter.slice(
    value,
    axes,
    axes.map(() => 0),
    axes.map(() => 1),
  )
  return emitter.multiply(emitter.reshape(first, [1]), emitter.float(0))
}
