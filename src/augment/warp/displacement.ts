import { kernelsWith, layOut } from '../kernels/kernels.ts'
import type { Size } from '../sample.ts'
import { borderIndices } from './border.ts'

/**
 * Noise smoothed by a Gaussian and made stronger: how far each pixel of an elastic deformation is displaced.
 * @param noise [height, width]
 * @param radius of the kernel in pixels; borders are mirrored (OpenCV GaussianBlur, BORDER_REFLECT_101)
 * @param alpha pixels
 * @returns [height, width]
 */
export function smoothedNoise(
  noise: Float32Array,
  { height, width }: Size,
  sigma: number,
  radius: number,
  alpha: number,
): Float32Array {
  const weights = gaussianWeights(sigma, radius)
  // Rows are whole vectors of four numbers.
  const stride = Math.ceil(width / 4) * 4
  const [rowAt, acrossAt, downAt, end] = layOut((stride + 2 * radius) * 4, height * stride * 4, stride * 4)
  const { run, buffer } = kernelsWith(end)
  const columns = borderIndices(-radius, width + 2 * radius, width, 'reflect_101')
  const padded = new Float32Array(buffer, rowAt, columns.length)
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < columns.length; i++) padded[i] = noise[y * width + columns[i]]
    const to = acrossAt + y * stride * 4
    run.addRows(to, rowAt + radius * 4, 0, weights[0], stride)
    for (let k = 1; k <= radius; k++)
      run.addRows(to, rowAt + (radius - k) * 4, rowAt + (radius + k) * 4, weights[k], stride)
  }
  const smooth = new Float32Array(height * width)
  const rows = borderIndices(-radius, height + 2 * radius, height, 'reflect_101')
  const down = new Float32Array(buffer, downAt, width)
  const at = (row: number): number => acrossAt + rows[row + radius] * stride * 4
  for (let y = 0; y < height; y++) {
    run.addRows(downAt, at(y), 0, weights[0] * alpha, stride)
    for (let k = 1; k <= radius; k++) run.addRows(downAt, at(y - k), at(y + k), weights[k] * alpha, stride)
    smooth.set(down, y * width)
  }
  return smooth
}

/** From the middle outwards; the whole kernel sums to 1. */
function gaussianWeights(sigma: number, radius: number): Float64Array {
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)))
  const sum = weights.reduce((total, weight) => total + 2 * weight, -weights[0])
  return weights.map((weight) => weight / sum)
}
