import { throughFilter } from '../kernels/throughKernel.ts'
import type { Picture } from './picture.ts'

/** A square kernel. */
export interface Kernel {
  /** odd */
  readonly side: number
  /** [side, side] */
  readonly weights: ArrayLike<number>
}

/** Places of a kernel that have one weight: their levels are summed before they are multiplied. */
interface Group {
  readonly weight: number
  /** Indices of the kernel's weights. */
  readonly places: readonly number[]
}

/** So many levels have a sum of 16 bits. */
const largestGroup = 257
const groupBytes = 16

/** Correlation with a kernel, border mirrored (reflect_101), rounded once (cv2.filter2D). Weights of 0 cost nothing. */
export function convolve(picture: Picture, kernel: Kernel): Uint8Array {
  const { height, channels } = picture
  const { side } = kernel
  const groups = groupsOf(kernel)
  const extraBytes = (): number => groups.length * groupBytes + side * side * 4
  return throughFilter(picture, (side - 1) / 2, 'reflect_101', extraBytes, (at) => {
    const { run, buffer, padded, stride, bytes, extra, to } = at
    const view = new DataView(buffer)
    const taps = extra + groups.length * groupBytes
    let tap = taps
    for (const [i, { weight, places }] of groups.entries()) {
      view.setFloat64(extra + i * groupBytes, weight, true)
      view.setInt32(extra + i * groupBytes + 8, places.length, true)
      for (const place of places) {
        view.setInt32(tap, Math.floor(place / side) * stride + (place % side) * channels, true)
        tap += 4
      }
    }
    run.convolve(padded, stride, height, bytes, extra, groups.length, taps, to)
  })
}

function groupsOf({ side, weights }: Kernel): readonly Group[] {
  const byWeight = new Map<number, number[]>()
  for (let place = 0; place < side * side; place++) {
    const weight = weights[place]
    if (weight === 0) continue
    const places = byWeight.get(weight)
    if (places === undefined) byWeight.set(weight, [place])
    else places.push(place)
  }
  return [...byWeight].flatMap(([weight, places]) =>
    Array.from({ length: Math.ceil(places.length / largestGroup) }, (_, i) => ({
      weight,
      places: places.slice(i * largestGroup, (i + 1) * largestGroup),
    })),
  )
}
