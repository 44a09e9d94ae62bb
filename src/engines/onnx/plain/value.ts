import type { Shape, Tensor } from '../../../graph/tensor.ts'
import type { PlainValues } from '../lowering.ts'

/** A value in ordinary layout, by name, with its extents. */
export interface Value {
  readonly name: string
  readonly shape: Shape
}

export function valueOf(values: PlainValues, tensor: Tensor): Value {
  return { name: values.plain(tensor), shape: tensor.shape }
}

/** The extents of a feature map. */
export function mapExtents({ shape }: Value): readonly [N: number, C: number, H: number, W: number] {
  return shape as readonly [number, number, number, number]
}
