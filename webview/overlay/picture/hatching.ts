import type { ErrorKind } from '../model/errorKinds.ts'

/** Side of a tile of a hatching, in pixels of the screen. */
export const tileSide = 8

/** Lines of a hatching within a tile, as from and to; kinds of errors that are not here stay plain. */
export const hatchings: Readonly<Partial<Record<ErrorKind, readonly (readonly [number, number, number, number])[]>>> = {
  false: [[0, tileSide, tileSide, 0]],
  missed: [[0, 0, tileSide, tileSide]],
  confused: [
    [0, tileSide, tileSide, 0],
    [0, 0, tileSide, tileSide],
  ],
  wrong: [[0, tileSide, tileSide, 0]],
  ignored: [[0, tileSide / 2, tileSide, tileSide / 2]],
}

const patterns = new Map<ErrorKind, OffscreenCanvas>()

/** A tile with black lines; undefined for kinds that stay plain. */
export function hatchingTile(kind: ErrorKind): OffscreenCanvas | undefined {
  const lines = hatchings[kind]
  if (lines === undefined) return undefined
  const known = patterns.get(kind)
  if (known !== undefined) return known
  const tile = new OffscreenCanvas(tileSide, tileSide)
  const context = tile.getContext('2d')!
  context.lineWidth = 2
  for (const [x1, y1, x2, y2] of lines) {
    // Once more a tile to each side, so that the ends meet over the tile's edges.
    for (const shift of [-tileSide, 0, tileSide]) {
      context.beginPath()
      context.moveTo(x1 + shift, y1)
      context.lineTo(x2 + shift, y2)
      context.stroke()
    }
  }
  patterns.set(kind, tile)
  return tile
}
