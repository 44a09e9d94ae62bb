import type { Emitter } from '../emitter.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'
import { mapExtents, valueOf } from '../plain/value.ts'

/** Below every float32 that a network makes. */
const lowest = -3.4e38

export const poolingOperators: LoweringTable<PlainValues, 'maxPool2dGradient'> = {
  /**
   * Each window's gradient goes to its first maximum in row-major order, as in torch. The runtime's indices of the maxima are
   * int64, so every tap is compared with the window's maximum. Taps that fall on pixels of the same remainder modulo the
   * stride are summed at the output's resolution; the remainders are interleaved at the end.
   */
  maxPool2dGradient: (values, { inputs: [x, y, dy], attributes: { kernel, stride, pad }, outputs: [dx] }) => {
    const { emitter } = values
    const map = valueOf(values, x)
    const [N, C, H, W] = mapExtents(map)
    const [, , height, width] = dy.shape
    const reach = Math.ceil(kernel / stride) - 1
    // Rows and columns of pixels of one remainder: as many as the windows touch, or as the map has.
    const rows = Math.max(height + reach, Math.ceil((H + pad) / stride))
    const columns = Math.max(width + reach, Math.ceil((W + pad) / stride))
    const padded = emitter.op('Pad', [
      map.name,
      emitter.integers([0, 0, pad, pad, 0, 0, rows * stride - H - pad, columns * stride - W - pad]),
      emitter.floats([], [lowest]),
    ])
    const contribution = firstMaxima(emitter, padded, values.plain(y), values.plain(dy), {
      kernel,
      stride,
      extents: [height, width],
    })
    const remainders = Array.from({ length: stride }, (_, row) =>
      Array.from({ length: stride }, (_, column) => {
        const parts: string[] = []
        for (let i = row; i < kernel; i += stride)
          for (let j = column; j < kernel; j += stride) {
            const [above, before] = [(i - row) / stride, (j - column) / stride]
            const after = [rows - height - above, columns - width - before]
            parts.push(emitter.pad(contribution(i, j), [0, 0, above, before], [0, 0, ...after]))
          }
        return parts.length > 0
          ? parts.reduce((sum, part) => emitter.add(sum, part))
          : emitter.floats([N, C, rows, columns], new Float32Array(N * C * rows * columns))
      }),
    )
    const whole = interleave(emitter, remainders, [N * C, rows, columns])
    const cropped = emitter.slice(
      emitter.reshape(whole, [N, C, rows * stride, columns * stride]),
      [2, 3],
      [pad, pad],
      [pad + H, pad + W],
    )
    values.setPlain(dx, cropped)
  },
}

interface Windows {
  readonly kernel: number
  readonly stride: number
  readonly extents: readonly [height: number, width: number]
}

/** dy where tap (i, j) is the window's first maximum, else 0. */
function firstMaxima(
  emitter: Emitter,
  padded: string,
  y: string,
  dy: string,
  { kernel, stride, extents: [height, width] }: Windows,
): (i: number, j: number) => string {
  const contributions: string[] = []
  let left = dy
  for (let i = 0; i < kernel; i++)
    for (let j = 0; j < kernel; j++) {
      const last = [i + stride * (height - 1) + 1, j + stride * (width - 1) + 1]
      const tap = emitter.slice(padded, [2, 3], [i, j], last, [stride, stride])
      const isMaximum = emitter.op('Cast', [emitter.op('Equal', [tap, y])], { to: 1 })
      const given = emitter.multiply(left, isMaximum)
      contributions.push(given)
      // What the window has given away, later taps do not get.
      left = emitter.subtract(left, given)
    }
  return (i, j) => contributions[i * kernel + j]
}

/** remainders[a][b] of [maps, rows, columns] → [maps, rows · stride, columns · stride]: pixel (r·stride + a, c·stride + b). */
function interleave(
  emitter: Emitter,
  remainders: readonly (readonly string[])[],
  [maps, rows, columns]: readonly [number, number, number],
): string {
  const stride = remainders.length
  const wide = remainders.map((row) => {
    const pixels = row.map((each) => emitter.reshape(each, [maps * rows, columns, 1]))
    return emitter.reshape(emitter.op('Concat', pixels, { axis: 2 }), [maps * rows, 1, columns * stride])
  })
  return emitter.op('Concat', wide, { axis: 1 })
}
