import type { DecodedImage } from '../decodeImage.ts'

/**
 * Mean brightness (Rec. 601 luma, 0 … 255) of the cells of a grid laid over an image; cells differ by at most one pixel a side,
 * and an image smaller than the grid gives pixels to several cells.
 * @returns [rows, columns]
 */
export function grayGrid({ image, height, width }: DecodedImage, rows: number, columns: number): Float64Array {
  const grid = new Float64Array(rows * columns)
  const tops = cellBounds(height, rows)
  const lefts = cellBounds(width, columns)
  for (const [row, [top, bottom]] of tops.entries())
    for (const [column, [left, right]] of lefts.entries()) {
      let sum = 0
      for (let y = top; y < bottom; y++)
        for (let i = (y * width + left) * 3, end = (y * width + right) * 3; i < end; i += 3)
          sum += 299 * image[i] + 587 * image[i + 1] + 114 * image[i + 2]
      grid[row * columns + column] = sum / (1000 * (bottom - top) * (right - left))
    }
  return grid
}

/** First pixel and the one after the last of every cell; none is empty. */
export function cellBounds(pixels: number, cells: number): readonly (readonly [start: number, end: number])[] {
  return Array.from({ length: cells }, (_, cell) => {
    const start = Math.floor((cell * pixels) / cells)
    return [start, Math.max(start + 1, Math.floor(((cell + 1) * pixels) / cells))]
  })
}
