import { paddedRows, type Picture } from './filteredRows.ts'

/** A square kernel. */
export interface Kernel {
  /** odd */
  readonly side: number
  /** [side, side] */
  readonly weights: ArrayLike<number>
}

/** Correlation with a kernel, border mirrored (reflect_101), rounded once (cv2.filter2D). Weights of 0 cost nothing. */
export function convolve(picture: Picture, { side, weights }: Kernel): Uint8Array {
  const { height, width, channels } = picture
  const radius = (side - 1) / 2
  const length = width * channels
  const row = paddedRows(picture, radius, side)
  const sums = new Float64Array(length)
  const output = new Uint8ClampedArray(height * length)
  for (let y = 0; y < height; y++) {
    sums.fill(0)
    for (let ky = 0; ky < side; ky++)
      for (let kx = 0; kx < side; kx++) {
        const weight = weights[ky * side + kx]
        if (weight === 0) continue
        const source = row(y + ky - radius)
        for (let i = 0, from = kx * channels; i < length; i++) sums[i] += weight * source[from++]
      }
    output.set(sums, y * length)
  }
  return new Uint8Array(output.buffer)
}
