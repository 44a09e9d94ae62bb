import type { Size } from '../sample.ts'
import { reflect101 } from './borders.ts'

export interface Tiles {
  readonly columns: number
  readonly rows: number
}

/**
 * Contrast-limited adaptive histogram equalisation of one channel (cv2.CLAHE; Zuiderveld, Graphics Gems IV, 1994).
 * @param levels [height, width]  @param limit how many times the even share a bin may hold
 */
export function equalizeTiles(levels: Uint8Array, { height, width }: Size, limit: number, tiles: Tiles): Uint8Array {
  const isWhole = height % tiles.rows === 0 && width % tiles.columns === 0
  const tileHeight = isWhole ? height / tiles.rows : Math.floor(height / tiles.rows) + 1
  const tileWidth = isWhole ? width / tiles.columns : Math.floor(width / tiles.columns) + 1
  const area = tileHeight * tileWidth
  const clip = Math.max(1, Math.floor((limit * area) / 256))
  const tables = new Uint8Array(tiles.rows * tiles.columns * 256)
  const counts = new Int32Array(256)
  for (let tileY = 0; tileY < tiles.rows; tileY++)
    for (let tileX = 0; tileX < tiles.columns; tileX++) {
      counts.fill(0)
      for (let y = tileY * tileHeight; y < (tileY + 1) * tileHeight; y++) {
        const row = reflect101(y, height) * width
        for (let x = tileX * tileWidth; x < (tileX + 1) * tileWidth; x++)
          counts[levels[row + (x < width ? x : reflect101(x, width))]]++
      }
      clipCounts(counts, clip)
      const start = (tileY * tiles.columns + tileX) * 256
      for (let level = 0, sum = 0; level < 256; level++) {
        sum += counts[level]
        tables[start + level] = Math.min(255, Math.round((sum * 255) / area))
      }
    }
  return interpolated(levels, { height, width }, tables, tiles, { height: tileHeight, width: tileWidth })
}

/** What stands out above `clip` is spread over all bins; the rest of the division one each at even distances. */
function clipCounts(counts: Int32Array, clip: number): void {
  let excess = 0
  for (let level = 0; level < 256; level++) {
    if (counts[level] <= clip) continue
    excess += counts[level] - clip
    counts[level] = clip
  }
  const share = Math.floor(excess / 256)
  let rest = excess - share * 256
  for (let level = 0; level < 256; level++) counts[level] += share
  const step = rest === 0 ? 256 : Math.max(1, Math.floor(256 / rest))
  for (let level = 0; level < 256 && rest > 0; level += step, rest--) counts[level]++
}

/** Each level through the tables of the four nearest tiles, bilinear. */
function interpolated(levels: Uint8Array, size: Size, tables: Uint8Array, tiles: Tiles, tile: Size): Uint8Array {
  const { height, width } = size
  const output = new Uint8ClampedArray(levels.length)
  const columns = nearestTiles(width, tile.width, tiles.columns)
  const rows = nearestTiles(height, tile.height, tiles.rows)
  for (let y = 0, i = 0; y < height; y++) {
    const above = rows.first[y] * tiles.columns * 256
    const under = rows.second[y] * tiles.columns * 256
    const down = rows.share[y]
    for (let x = 0; x < width; x++, i++) {
      const level = levels[i]
      const left = columns.first[x] * 256 + level
      const right = columns.second[x] * 256 + level
      const across = columns.share[x]
      const upper = tables[above + left] * (1 - across) + tables[above + right] * across
      const lower = tables[under + left] * (1 - across) + tables[under + right] * across
      output[i] = upper * (1 - down) + lower * down
    }
  }
  return new Uint8Array(output.buffer)
}

interface NearestTiles {
  readonly first: Int32Array
  readonly second: Int32Array
  /** How much of the second. */
  readonly share: Float64Array
}

function nearestTiles(length: number, tileLength: number, count: number): NearestTiles {
  const first = new Int32Array(length)
  const second = new Int32Array(length)
  const share = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const position = i / tileLength - 0.5
    const whole = Math.floor(position)
    share[i] = position - whole
    first[i] = Math.max(whole, 0)
    second[i] = Math.min(whole + 1, count - 1)
  }
  return { first, second, share }
}
