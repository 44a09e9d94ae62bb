import { filteredRows, type Picture } from './filteredRows.ts'

/** OpenCV's fixed kernels for σ = 0. */
const fixedKernels: readonly (readonly number[])[] = [
  [1],
  [1 / 4, 2 / 4, 1 / 4],
  [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16],
  [1 / 32, 3.5 / 32, 7 / 32, 9 / 32, 7 / 32, 3.5 / 32, 1 / 32],
  [4, 13, 30, 51, 60, 51, 30, 13, 4].map((v) => v / 256),
]

/** @param side odd  @param sigma 0 takes OpenCV's: fixed up to 9, beyond 0.3 ((side − 1)/2 − 1) + 0.8 */
export function gaussianKernel(side: number, sigma: number): Float64Array {
  if (sigma <= 0 && side < 2 * fixedKernels.length) return Float64Array.from(fixedKernels[(side - 1) / 2])
  const deviation = sigma > 0 ? sigma : 0.3 * ((side - 1) / 2 - 1) + 0.8
  const weights = Float64Array.from({ length: side }, (_, i) =>
    Math.exp(-((i - (side - 1) / 2) ** 2) / (2 * deviation * deviation)),
  )
  const sum = weights.reduce((left, right) => left + right, 0)
  return weights.map((weight) => weight / sum)
}

/** Blur along both axes with one symmetric kernel, border mirrored (reflect_101), rounded once. → [height, width, channels] */
export function gaussianBlur(picture: Picture, kernel: Float64Array): Uint8Array {
  const { height, width, channels } = picture
  const radius = (kernel.length - 1) / 2
  const half = kernel.slice(radius)
  const row = filteredRows(picture, radius, kernel.length, (padded, output) => {
    for (let i = 0, middle = radius * channels; i < output.length; i++, middle++) {
      let sum = half[0] * padded[middle]
      for (let k = 1, step = channels; k <= radius; k++, step += channels)
        sum += half[k] * (padded[middle - step] + padded[middle + step])
      output[i] = sum
    }
  })
  const length = width * channels
  const sums = new Float64Array(length)
  const output = new Uint8ClampedArray(height * length)
  for (let y = 0; y < height; y++) {
    const middle = row(y)
    for (let i = 0; i < length; i++) sums[i] = half[0] * middle[i]
    for (let k = 1; k <= radius; k++) {
      const [weight, above, below] = [half[k], row(y - k), row(y + k)]
      for (let i = 0; i < length; i++) sums[i] += weight * (above[i] + below[i])
    }
    output.set(sums, y * length)
  }
  return new Uint8Array(output.buffer)
}
