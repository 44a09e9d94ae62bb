import type { Size } from '../../sample.ts'
import { forwardDct, inverseDct } from './cosine.ts'

/** One component of a picture. */
export interface Plane extends Size {
  /** [height, width] */
  readonly samples: Uint8Array
}

/** A component through DCT, rounding to multiples of `steps` and back; blocks beyond the border repeat its last pixels. */
export function quantized({ samples, height, width }: Plane, steps: Int32Array): Plane {
  const output = new Uint8ClampedArray(samples.length)
  const block = new Int32Array(64)
  for (let top = 0; top < height; top += 8)
    for (let left = 0; left < width; left += 8) {
      for (let y = 0; y < 8; y++) {
        const row = Math.min(top + y, height - 1) * width
        for (let x = 0; x < 8; x++) block[y * 8 + x] = samples[row + Math.min(left + x, width - 1)] - 128
      }
      forwardDct(block)
      for (let k = 0; k < 64; k++) block[k] = rounded(block[k], steps[k] * 8) * steps[k]
      inverseDct(block)
      const endY = Math.min(8, height - top)
      const endX = Math.min(8, width - left)
      for (let y = 0; y < endY; y++)
        for (let x = 0; x < endX; x++) output[(top + y) * width + left + x] = block[y * 8 + x] + 128
    }
  return { samples: new Uint8Array(output.buffer), height, width }
}

/** value / step to the nearest whole number, halves away from 0. */
function rounded(value: number, step: number): number {
  const half = step >> 1
  return value < 0 ? -(((half - value) / step) | 0) : ((value + half) / step) | 0
}
