import type { Blend } from './inferenceSettings.ts'

/** Standard deviation of the gaussian as a share of the window's side (MONAI's default sigma_scale). */
const sigmaScale = 0.125

/** Smallest weight of a pixel: the gaussian's corners would otherwise vanish in float32 sums (MONAI). */
const smallestWeight = 1e-3

/**
 * Where windows begin along one axis, ascending: every ⌊window · (1 − overlap)⌋ pixels, the last one moved back so that it
 * ends with the image (MONAI 1.5 sliding_window_inference). An image smaller than the window lies in the middle of one,
 * which then begins before it.
 * @param overlap 0 … below 1
 */
export function windowStarts(length: number, window: number, overlap: number): readonly number[] {
  if (window >= length) return [0 - ((window - length) >> 1)]
  const interval = Math.max(1, Math.floor(window * (1 - overlap)))
  const count = Math.ceil((length - window) / interval) + 1
  return Array.from({ length: count }, (_, index) => Math.min(index * interval, length - window))
}

/** Weight of each pixel of a window, [height, width], 0.001 … 1 (MONAI compute_importance_map, clamped as there). */
export function windowWeights(height: number, width: number, blend: Blend): Float32Array {
  const weights = new Float32Array(height * width)
  if (blend === 'constant') return weights.fill(1)
  const [rows, columns] = [gaussian(height), gaussian(width)]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) weights[y * width + x] = Math.max(smallestWeight, rows[y] * columns[x])
  return weights
}

function gaussian(length: number): Float64Array {
  const sigma = sigmaScale * length
  return Float64Array.from({ length }, (_, index) => Math.exp(-((index - (length - 1) / 2) ** 2) / (2 * sigma ** 2)))
}
