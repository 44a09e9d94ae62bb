import type { Shape } from '../../graph/tensor.ts'
import type { TensorFlow, Value } from './operator.ts'

// TensorFlow's CPU kernels convolve channels-last maps only. So every value of rank 4 is held as [N, H, W, C], weights as
// [O, kh, kw, I]; all others lie as the graph says.

/** The shape in which a value of logical `shape` is held. */
export function heldShape(shape: Shape): number[] {
  const [N, C, H, W] = shape as readonly [number, number, number, number]
  return shape.length === 4 ? [N, H, W, C] : [...shape]
}

/** Where a logical axis lies in a held value of that rank. */
export function heldAxis(axis: number, rank: number): number {
  return rank === 4 ? [0, 3, 1, 2][axis] : axis
}

export function toHeld(tf: TensorFlow, logical: Value): Value {
  return logical.rank === 4 ? tf.transpose(logical, [0, 2, 3, 1]) : logical
}

export function toLogical(tf: TensorFlow, held: Value): Value {
  return held.rank === 4 ? tf.transpose(held, [0, 3, 1, 2]) : held
}
