import { borderIndices, fillColor, type Border } from './warp/border.ts'
import type { Corner } from './cutWindow.ts'
import type { Sample, Size } from './sample.ts'

/** How the border is divided between the two sides of each axis. */
export const padPositions = ['center', 'top_left', 'top_right', 'bottom_left', 'bottom_right', 'random'] as const
export type PadPosition = (typeof padPositions)[number]

/**
 * Where the upper left pixel of an image comes to lie in a larger one; in the centre half of the border, rounded down, is before it.
 * @param integer uniform in 0 … n − 1, for a random position
 */
export function padCorner(image: Size, size: Size, position: PadPosition, integer: (n: number) => number): Corner {
  const [vertical, horizontal] = [size.height - image.height, size.width - image.width]
  if (position === 'random') return { top: integer(vertical + 1), left: integer(horizontal + 1) }
  if (position === 'center') return { top: vertical >> 1, left: horizontal >> 1 }
  return { top: position.startsWith('top') ? 0 : vertical, left: position.endsWith('left') ? 0 : horizontal }
}

/** The image inside a larger one of `size`, its upper left pixel at `corner`. */
export function pad(sample: Sample, size: Size, { top, left }: Corner, border: Border): Sample {
  const { height, width } = size
  const rows = borderIndices(-top, height, sample.height, border.mode)
  const columns = borderIndices(-left, width, sample.width, border.mode)
  const image = new Uint8Array(height * width * 3)
  const mask = new Uint8Array(height * width)
  const right = left + sample.width
  for (let y = 0; y < height; y++) {
    const start = y * width
    const from = rows[y] * sample.width
    if (from < 0) {
      fillPixels(image, mask, start, start + width, border)
      continue
    }
    image.set(sample.image.subarray(from * 3, (from + sample.width) * 3), (start + left) * 3)
    mask.set(sample.mask.subarray(from, from + sample.width), start + left)
    copyPixels(sample, from, columns, 0, left, image, mask, start, border)
    copyPixels(sample, from, columns, right, width, image, mask, start, border)
  }
  return { image, mask, height, width }
}

function fillPixels(image: Uint8Array, mask: Uint8Array, first: number, end: number, border: Border): void {
  fillColor(image, first, end, border.color)
  mask.fill(border.label, first, end)
}

/** Columns `first` … `end` − 1 of one output row that begins at pixel `start`, out of the source row that begins at `from`. */
function copyPixels(
  sample: Sample,
  from: number,
  columns: Int32Array,
  first: number,
  end: number,
  image: Uint8Array,
  mask: Uint8Array,
  start: number,
  border: Border,
): void {
  if (border.mode === 'constant') {
    fillPixels(image, mask, start + first, start + end, border)
    return
  }
  for (let x = first; x < end; x++) {
    const source = from + columns[x]
    const target = start + x
    mask[target] = sample.mask[source]
    image[target * 3] = sample.image[source * 3]
    image[target * 3 + 1] = sample.image[source * 3 + 1]
    image[target * 3 + 2] = sample.image[source * 3 + 2]
  }
}
