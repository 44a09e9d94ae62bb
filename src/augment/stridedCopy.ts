import { kernelsWith, layOut } from './kernels/kernels.ts'
import type { Sample, Size } from './sample.ts'

/** A walk over the source in whole pixels: output (y, x) comes from pixel `start + y · rowStep + x · columnStep`. */
export interface Walk extends Size {
  readonly start: number
  readonly rowStep: number
  readonly columnStep: number
}

/** Crops, flips, transpositions and quarter turns are all one copy along another walk. */
export function stridedCopy({ image, mask }: Sample, { height, width, start, rowStep, columnStep }: Walk): Sample {
  const area = height * width
  const [down, across] = [(height - 1) * rowStep, (width - 1) * columnStep]
  // Only the part of the source that the walk comes through is copied into the kernels' memory.
  const first = start + Math.min(down, 0) + Math.min(across, 0)
  const count = Math.abs(down) + Math.abs(across) + 1
  // Whole vectors are read and written where less is meant.
  const [colors, labels, colorsTo, labelsTo, end] = layOut(count * 3 + 16, count, area * 3 + 16, area)
  const { run, buffer } = kernelsWith(end)
  new Uint8Array(buffer, colors, count * 3).set(image.subarray(first * 3, (first + count) * 3))
  new Uint8Array(buffer, labels, count).set(mask.subarray(first, first + count))
  run.walkPixels(colors, labels, start - first, rowStep, columnStep, height, width, colorsTo, labelsTo)
  return {
    image: new Uint8Array(buffer, colorsTo, area * 3).slice(),
    mask: new Uint8Array(buffer, labelsTo, area).slice(),
    height,
    width,
  }
}

/** The part of `size` whose upper left pixel is (top, left). */
export function crop(sample: Sample, top: number, left: number, { height, width }: Size): Sample {
  return stridedCopy(sample, { height, width, start: top * sample.width + left, rowStep: sample.width, columnStep: 1 })
}
