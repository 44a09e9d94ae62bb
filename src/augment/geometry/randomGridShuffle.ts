import * as z from 'zod'
import { almostEqualCells } from '../dropout/gridHoles.ts'
import type { Sample, Size } from '../sample.ts'
import { defineDrawnTransform, probability, type Random } from '../transform.ts'

/** A part of the image: where it lies, and where it is taken from. */
interface Tile extends Size {
  readonly to: number
  readonly from: number
}

const count = z.int().min(1).max(1000)

export const randomGridShuffle = defineDrawnTransform({
  name: 'RandomGridShuffle',
  summary: 'Cuts the image into a grid and exchanges cells of the same size at random.',
  arguments: z.object({
    grid: z.tuple([count, count]).default([3, 3]).describe('Rows and columns of the grid (default [3, 3]).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (sample, { grid: [rows, columns] }, random): readonly Tile[] =>
    drawTiles(sample, Math.min(rows, sample.height), Math.min(columns, sample.width), random),
  perform: (sample: Sample, tiles) => {
    const image = new Uint8Array(sample.image.length)
    const mask = new Uint8Array(sample.mask.length)
    for (const { from, to, height, width } of tiles)
      for (let row = 0; row < height * sample.width; row += sample.width) {
        const start = from + row
        image.set(sample.image.subarray(start * 3, (start + width) * 3), (to + row) * 3)
        mask.set(sample.mask.subarray(start, start + width), to + row)
      }
    return { ...sample, image, mask }
  },
})

function drawTiles(size: Size, rows: number, columns: number, random: Random): readonly Tile[] {
  const heights = random.shuffle(almostEqualCells(size.height, rows))
  const widths = random.shuffle(almostEqualCells(size.width, columns))
  const bySize = new Map<string, (Size & { readonly start: number })[]>()
  let y = 0
  for (const height of heights) {
    let x = 0
    for (const width of widths) {
      const key = `${height} ${width}`
      bySize.set(key, [...(bySize.get(key) ?? []), { height, width, start: y * size.width + x }])
      x += width
    }
    y += height
  }
  return [...bySize.values()].flatMap((cells) => {
    const sources = random.shuffle(cells.map(({ start }) => start))
    return cells.map(({ height, width, start }, i) => ({ height, width, to: start, from: sources[i] }))
  })
}
