import { throughFilter } from '../kernels/throughKernel.ts'
import type { Picture } from './picture.ts'

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
  const radius = (kernel.length - 1) / 2
  const half = kernel.slice(radius)
  const whole = half.map((weight) => weight * 64)
  return radius <= 3 && whole.every(Number.isInteger) ? blurInWholeNumbers(picture, whole) : blurInDouble(picture, half)
}

/** @param weights of 64, from the middle: all kernels of OpenCV up to seven pixels have such */
function blurInWholeNumbers(picture: Picture, [w0, w1 = 0, w2 = 0, w3 = 0]: Float64Array): Uint8Array {
  const { height, channels } = picture
  const columnBytes = (stride: number): number => stride * 2
  return throughFilter(picture, 3, 'reflect_101', columnBytes, ({ run, padded, stride, bytes, extra, to }) => {
    run.sevenTaps(padded, stride, height, bytes, channels, w0, w1, w2, w3, extra, to)
  })
}

/** @param half weights from the middle */
function blurInDouble(picture: Picture, half: Float64Array): Uint8Array {
  const { height, channels } = picture
  const extraBytes = (stride: number): number => (stride + half.length) * 8
  return throughFilter(picture, half.length - 1, 'reflect_101', extraBytes, (at) => {
    const { run, buffer, padded, stride, bytes, extra, to } = at
    const weights = extra + stride * 8
    new Float64Array(buffer, weights, half.length).set(half)
    run.symmetricBlur(padded, stride, height, bytes, channels, half.length - 1, weights, extra, to)
  })
}
