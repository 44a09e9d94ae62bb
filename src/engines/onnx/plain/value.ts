import { isHalf, type FloatType, type Shape, type Tensor } from '../../../graph/tensor.ts'
import type { PlainValues } from '../lowering.ts'

/** A value in ordinary layout, by name, with its extents. */
export interface Value {
  readonly name: string
  readonly shape: Shape
  /** float32 where not given. */
  readonly dtype?: FloatType
}

export function valueOf(values: PlainValues, tensor: Tensor): Value {
  const { shape, dtype } = tensor
  return { name: values.plain(tensor), shape, ...(isHalf(dtype) && { dtype }) }
}

/** The extents of a feature map. */
export function mapExtents({ shape }: Value): readonly [N: number, C: number, H: number, W: number] {
  return shape as readonly [number, number, number, number]
}
