import type { Sample, Size } from './sample.ts'

/** A walk over the source in whole pixels: output (y, x) comes from pixel `start + y · rowStep + x · columnStep`. */
export interface Walk extends Size {
  readonly start: number
  readonly rowStep: number
  readonly columnStep: number
}

/** Crops, flips, transpositions and quarter turns are all one copy along another walk. */
export function stridedCopy(sample: Sample, { height, width, start, rowStep, columnStep }: Walk): Sample {
  const image = new Uint8Array(height * width * 3)
  const mask = new Uint8Array(height * width)
  let to = 0
  for (let y = 0; y < height; y++) {
    let from = start + y * rowStep
    for (let x = 0; x < width; x++, to++, from += columnStep) {
      mask[to] = sample.mask[from]!
      image[to * 3] = sample.image[from * 3]!
      image[to * 3 + 1] = sample.image[from * 3 + 1]!
      image[to * 3 + 2] = sample.image[from * 3 + 2]!
    }
  }
  return { image, mask, height, width }
}

/** The part of `size` whose upper left pixel is (top, left). */
export function crop(sample: Sample, top: number, left: number, { height, width }: Size): Sample {
  return stridedCopy(sample, { height, width, start: top * sample.width + left, rowStep: sample.width, columnStep: 1 })
}
