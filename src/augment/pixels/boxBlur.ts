import { throughFilter } from '../kernels/throughKernel.ts'
import type { Picture } from './picture.ts'

/** Mean of a square of `side` pixels (odd, at most 255), border mirrored (reflect_101), rounded once (cv2.blur). */
export function boxBlur(picture: Picture, side: number): Uint8Array {
  const { height, channels } = picture
  const columnBytes = (stride: number): number => stride * 2
  return throughFilter(
    picture,
    (side - 1) / 2,
    'reflect_101',
    columnBytes,
    ({ run, padded, stride, bytes, extra, to }) => {
      run.boxBlur(padded, stride, height, bytes, channels, side, extra, to)
    },
  )
}
