import { kernelsWith, layOut } from './kernels/kernels.ts'
import type { Sample, Size } from './sample.ts'

/** A walk over the source in whole pixels: output (y, x) comes from pixel `start + y · rowStep + x · columnStep`. */
export interface Walk extends Size {
  readonly start: number
  readonly rowStep: number
  readonly columnStep: number
}

/** Crops, flips, transpositions and quarter turns are all one copy along another walk. */
export function stridedCopy(sample: Sample, walk: Walk): Sample {
  const { height, width } = walk
  const image = new Uint8Array(height * width * 3)
  const mask = new Uint8Array(height * width)
  if (walk.columnStep === 1) copyRows(sample, walk, image, mask)
  else if (walk.columnStep === -1) return { ...reversedRows(sample, walk), height, width }
  else copyTiles(sample, walk, image, mask)
  return { image, mask, height, width }
}

function copyRows(sample: Sample, { height, width, start, rowStep }: Walk, image: Uint8Array, mask: Uint8Array): void {
  for (let y = 0; y < height; y++) {
    const from = start + y * rowStep
    image.set(sample.image.subarray(from * 3, (from + width) * 3), y * width * 3)
    mask.set(sample.mask.subarray(from, from + width), y * width)
  }
}

/** Rows from right to left: the output [height, width, 3] and [height, width]. */
function reversedRows(
  { image, mask }: Sample,
  { height, width, start, rowStep }: Walk,
): Pick<Sample, 'image' | 'mask'> {
  const area = height * width
  const first = start - width + 1
  // Sixteen bytes are read and written where fifteen are meant.
  const [colors, labels, colorsTo, labelsTo, end] = layOut(image.length + 16, mask.length, area * 3 + 16, area)
  const { run, buffer } = kernelsWith(end)
  new Uint8Array(buffer, colors, image.length).set(image)
  new Uint8Array(buffer, labels, mask.length).set(mask)
  run.reverseRows(colors + first * 3, labels + first, rowStep, colorsTo, labelsTo, width, height)
  return {
    image: new Uint8Array(buffer, colorsTo, area * 3).slice(),
    mask: new Uint8Array(buffer, labelsTo, area).slice(),
  }
}

/** Pixels a side: where rows become columns, a tile of both images stays in the nearest cache. */
const tile = 32

function copyTiles(sample: Sample, walk: Walk, image: Uint8Array, mask: Uint8Array): void {
  for (let top = 0; top < walk.height; top += tile)
    for (let left = 0; left < walk.width; left += tile) copyTile(sample, walk, top, left, image, mask)
}

function copyTile(
  sample: Sample,
  { height, width, start, rowStep, columnStep }: Walk,
  top: number,
  left: number,
  image: Uint8Array,
  mask: Uint8Array,
): void {
  const source = sample.image
  const labels = sample.mask
  const bottom = Math.min(top + tile, height)
  const columns = Math.min(tile, width - left)
  for (let y = top; y < bottom; y++) {
    let from = start + y * rowStep + left * columnStep
    let to = y * width + left
    for (const end = to + columns; to < end; to++, from += columnStep) {
      mask[to] = labels[from]
      image[to * 3] = source[from * 3]
      image[to * 3 + 1] = source[from * 3 + 1]
      image[to * 3 + 2] = source[from * 3 + 2]
    }
  }
}

/** The part of `size` whose upper left pixel is (top, left). */
export function crop(sample: Sample, top: number, left: number, { height, width }: Size): Sample {
  return stridedCopy(sample, { height, width, start: top * sample.width + left, rowStep: sample.width, columnStep: 1 })
}
