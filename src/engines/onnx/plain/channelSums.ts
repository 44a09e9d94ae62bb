import type { Emitter } from '../emitter.ts'
import { mapExtents, type Value } from './value.ts'

/** Σ over H, W of x · y as [N, C]: a product of a row and a column, so that nothing of the map's size is written. */
export function dotPerChannel(emitter: Emitter, x: Value, y: string): string {
  const [N, C, H, W] = mapExtents(x)
  // A graphics card gives a product of one row and one column to one thread, a sum to a group of them.
  if (emitter.target === 'gpu')
    return emitter.reduceSum(emitter.reshape(emitter.multiply(x.name, y), [N, C, H * W]), [2])
  const row = emitter.reshape(x.name, [N * C, 1, H * W])
  const column = emitter.reshape(y, [N * C, H * W, 1])
  return emitter.reshape(emitter.op('MatMul', [row, column]), [N, C])
}

/** x · scale + shift per channel, [C] each, in one pass. */
export function affinePerChannel(emitter: Emitter, x: string, scale: string, shift: string, channels: number): string {
  const constant = (value: number): string => emitter.floats([channels], new Float32Array(channels).fill(value))
  return emitter.op('BatchNormalization', [x, scale, shift, constant(0), constant(1)], { epsilon: { float: 0 } })
}
