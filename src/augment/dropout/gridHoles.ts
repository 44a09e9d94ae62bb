import type { Hole } from './holes.ts'
import type { Size } from '../sample.ts'

/** A fixed lattice, as GridDropout of Albumentations 1.x cuts it. */
export interface Lattice {
  /** Distance of the holes in pixels. */
  readonly unit: Size
  /** Where the first hole begins; at most where it still lies in its unit. */
  readonly shift: { readonly x: number; readonly y: number }
  /** Side of a hole over that of a unit. */
  readonly ratio: number
}

/** One hole in every unit, the last ones clipped, perhaps to nothing; columns outside, rows inside. */
export function latticeHoles(image: Size, { unit, shift, ratio }: Lattice): readonly Hole[] {
  const hole = holeIn(unit, ratio)
  const shiftX = Math.min(shift.x, unit.width - hole.width)
  const shiftY = Math.min(shift.y, unit.height - hole.height)
  const holes: Hole[] = []
  for (let i = 0; i <= Math.floor(image.width / unit.width); i++)
    for (let j = 0; j <= Math.floor(image.height / unit.height); j++) {
      const left = Math.min(shiftX + unit.width * i, image.width)
      const top = Math.min(shiftY + unit.height * j, image.height)
      holes.push({
        left,
        top,
        width: Math.min(hole.width, image.width - left),
        height: Math.min(hole.height, image.height - top),
      })
    }
  return holes
}

/** Lengths of cells that differ by at most one and together have `length` pixels; the longer ones first. */
export function almostEqualCells(length: number, count: number): number[] {
  const [least, longer] = [Math.floor(length / count), length % count]
  return Array.from({ length: count }, (_, i) => (i < longer ? least + 1 : least))
}

/**
 * One hole in every cell of a grid, as GridDropout of Albumentations 2.x cuts it; rows outside, columns inside.
 * @param rows, columns lengths of the cells
 * @param offset of a hole in its cell, of whose pixels `free` are left over
 */
export function cellHoles(
  image: Size,
  rows: readonly number[],
  columns: readonly number[],
  ratio: number,
  offset: (free: Size) => { readonly x: number; readonly y: number },
): readonly Hole[] {
  const holes: Hole[] = []
  let y = 0
  for (const height of rows) {
    let x = 0
    for (const width of columns) {
      const hole = holeIn({ height, width }, ratio)
      const by = offset({ height: height - hole.height, width: width - hole.width })
      holes.push({
        ...hole,
        left: Math.min(x + by.x, image.width - hole.width),
        top: Math.min(y + by.y, image.height - hole.height),
      })
      x += width
    }
    y += height
  }
  return holes
}

/** At least a pixel, and a pixel less than the cell. */
function holeIn({ height, width }: Size, ratio: number): Size {
  const side = (length: number): number => Math.min(Math.max(Math.trunc(length * ratio), 1), length - 1)
  return { height: side(height), width: side(width) }
}
