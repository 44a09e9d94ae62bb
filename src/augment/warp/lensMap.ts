import { centerOf } from './matrix.ts'
import type { Size } from '../sample.ts'
import type { SourceMap } from './sourceMap.ts'

/**
 * Radial distortion about the centre.
 * @param k coefficient; `camera` is OpenCV's initUndistortRectifyMap with k₁ = k₂ = k and the focal lengths width and height,
 * `fisheye` moves a pixel outwards by k times the square of its distance from the centre over the largest one
 */
export function lensMap(size: Size, k: number, mode: 'camera' | 'fisheye'): SourceMap {
  const { height, width } = size
  const { x: cx, y: cy } = centerOf(size)
  const farthest = Math.max(cx, width - cx) ** 2 + Math.max(cy, height - cy) ** 2
  const row = (y: number, xs: Float64Array, ys: Float64Array): void => {
    const dy = y - cy
    for (let x = 0; x < xs.length; x++) {
      const dx = x - cx
      let factor = 1
      if (mode === 'camera') {
        const square = (dx / width) ** 2 + (dy / height) ** 2
        factor += k * square + k * square * square
      } else factor += (k * (dx * dx + dy * dy)) / farthest
      xs[x] = dx * factor + cx
      ys[x] = dy * factor + cy
    }
  }
  return { row }
}
