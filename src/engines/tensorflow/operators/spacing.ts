import { mapExtents, type TensorFlow, type Value } from '../operator.ts'

export type Extents = readonly [height: number, width: number]

/** The map with `stride` − 1 zeros between its pixels: [N, h, w, C] → [N, stride·(h−1)+1, stride·(w−1)+1, C]. */
export function spaced(tf: TensorFlow, x: Value, stride: number): Value {
  if (stride === 1) return x
  const [N, H, W, C] = mapExtents(x)
  const gap = stride - 1
  const columns = tf.pad(tf.reshape(x, [N * H, W, 1, C]), [
    [0, 0],
    [0, 0],
    [0, gap],
    [0, 0],
  ])
  const rows = tf.pad(tf.reshape(columns, [N, H, 1, W * stride * C]), [
    [0, 0],
    [0, 0],
    [0, gap],
    [0, 0],
  ])
  const whole = tf.reshape(rows, [N, H * stride, W * stride, C])
  return cropped(tf, whole, [0, 0], [stride * (H - 1) + 1, stride * (W - 1) + 1])
}

/** Every `stride`-th pixel from `start` on, height × width of them. */
export function sampled(tf: TensorFlow, x: Value, start: Extents, [height, width]: Extents, stride: number): Value {
  const [N, , , C] = mapExtents(x)
  const end = [N, start[0] + stride * (height - 1) + 1, start[1] + stride * (width - 1) + 1, C]
  return tf.stridedSlice(x, [0, ...start, 0], end, [1, stride, stride, 1])
}

export function cropped(tf: TensorFlow, x: Value, start: Extents, [height, width]: Extents): Value {
  const [N, H, W, C] = mapExtents(x)
  return H === height && W === width ? x : tf.slice(x, [0, ...start, 0], [N, height, width, C])
}

/** The map inside a larger one of `value`, at `start`. */
export function placed(tf: TensorFlow, x: Value, start: Extents, [height, width]: Extents, value = 0): Value {
  const [, H, W] = mapExtents(x)
  const [below, right] = [height - H - start[0], width - W - start[1]]
  if (H === height && W === width) return x
  return tf.pad(
    x,
    [
      [0, 0],
      [start[0], below],
      [start[1], right],
      [0, 0],
    ],
    value,
  )
}
