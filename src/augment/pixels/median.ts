import { throughFilter } from '../kernels/throughKernel.ts'
import type { Sample } from '../sample.ts'
import { replicate } from './borders.ts'

/** Counts of a larger square have no room in eight bits, and a histogram is faster then. */
const largestKernelSide = 15

/** Median of a square of `side` pixels (odd) per channel, border replicated (cv2.medianBlur). */
export function medianBlur(sample: Sample, side: number): Uint8Array {
  if (side > largestKernelSide) return medianOfHistograms(sample, side)
  const picture = { ...sample, channels: 3 }
  return throughFilter(
    picture,
    (side - 1) / 2,
    'replicate',
    () => 0,
    ({ run, padded, stride, bytes, to }) => {
      run.median(padded, stride, sample.height, bytes, 3, side, to)
    },
  )
}

/** The histogram of the square slides along a row and its median moves with it (Huang, Yang & Tang 1979). */
function medianOfHistograms({ image, height, width }: Sample, side: number): Uint8Array {
  const radius = (side - 1) / 2
  const columns = Int32Array.from({ length: width + 2 * radius }, (_, x) => replicate(x - radius, width) * 3)
  const rows = new Int32Array(side)
  const output = new Uint8Array(image.length)
  const counts = new Int32Array(256)
  const below = (side * side - 1) / 2
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < side; k++) rows[k] = replicate(y + k - radius, height) * width * 3
    for (let c = 0; c < 3; c++) {
      counts.fill(0)
      let median = 0
      /** Values of the square that are less than `median`. */
      let less = 0
      for (let x = 0; x < side - 1; x++) for (let k = 0; k < side; k++) counts[image[rows[k] + columns[x] + c]]++
      for (let x = 0, to = y * width * 3 + c; x < width; x++, to += 3) {
        const entering = columns[x + side - 1] + c
        for (let k = 0; k < side; k++) {
          const value = image[rows[k] + entering]
          counts[value]++
          if (value < median) less++
        }
        while (less > below) less -= counts[--median]
        while (less + counts[median] <= below) less += counts[median++]
        output[to] = median
        const leaving = columns[x] + c
        for (let k = 0; k < side; k++) {
          const value = image[rows[k] + leaving]
          counts[value]--
          if (value < median) less--
        }
      }
    }
  }
  return output
}
