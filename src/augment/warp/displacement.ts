import type { Size } from '../sample.ts'
import { borderIndices } from './border.ts'

/**
 * Noise smoothed by a Gaussian and made stronger: how far each pixel of an elastic deformation is displaced.
 * @param noise [height, width]; changed in place
 * @param radius of the kernel in pixels; borders are mirrored (OpenCV GaussianBlur, BORDER_REFLECT_101)
 * @param alpha pixels
 */
export function smoothedNoise(
  noise: Float32Array,
  { height, width }: Size,
  sigma: number,
  radius: number,
  alpha: number,
): Float32Array {
  const weights = gaussianWeights(sigma, radius)
  blurRows(noise, height, width, weights)
  blurColumns(noise, height, width, weights, alpha)
  return noise
}

/** From the middle outwards; the whole kernel sums to 1. */
function gaussianWeights(sigma: number, radius: number): Float64Array {
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)))
  const sum = weights.reduce((total, weight) => total + 2 * weight, -weights[0])
  return weights.map((weight) => weight / sum)
}

function blurRows(values: Float32Array, height: number, width: number, weights: Float64Array): void {
  const radius = weights.length - 1
  const sources = borderIndices(-radius, width + 2 * radius, width, 'reflect_101')
  const row = new Float32Array(width + 2 * radius)
  for (let y = 0; y < height; y++) {
    const start = y * width
    for (let i = 0; i < row.length; i++) row[i] = values[start + sources[i]]
    for (let x = 0; x < width; x++) {
      let sum = row[x + radius] * weights[0]
      for (let k = 1; k <= radius; k++) sum += (row[x + radius - k] + row[x + radius + k]) * weights[k]
      values[start + x] = sum
    }
  }
}

/** Rows are added to rows: neighbours in memory stay neighbours. */
function blurColumns(values: Float32Array, height: number, width: number, weights: Float64Array, alpha: number): void {
  const radius = weights.length - 1
  const rows = borderIndices(-radius, height + 2 * radius, height, 'reflect_101')
  const source = values.slice()
  const sums = new Float64Array(width)
  for (let y = 0; y < height; y++) {
    const middle = rows[y + radius] * width
    for (let x = 0; x < width; x++) sums[x] = source[middle + x] * weights[0]
    for (let k = 1; k <= radius; k++) {
      const [above, below, weight] = [rows[y + radius - k] * width, rows[y + radius + k] * width, weights[k]]
      for (let x = 0; x < width; x++) sums[x] += (source[above + x] + source[below + x]) * weight
    }
    for (let x = 0; x < width; x++) values[y * width + x] = sums[x] * alpha
  }
}
