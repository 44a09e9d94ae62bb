import type { Size } from '../sample.ts'
import { reflect101 } from './borders.ts'

/** One image of interleaved channels. */
export interface Picture extends Size {
  /** [height, width, channels] */
  readonly image: Uint8Array
  readonly channels: number
}

type RowOf = (y: number) => Float64Array

/**
 * Rows that are made when first asked for. As a filter goes down an image the last ones are kept: they stay in the
 * processor's cache, and no second image is held.
 * @param held rows that are kept; those that lie closer together than this are kept together
 */
function heldRows(height: number, length: number, held: number, make: (y: number, row: Float64Array) => void): RowOf {
  const rows = Array.from({ length: held }, () => ({ y: -1, values: new Float64Array(length) }))
  return (y) => {
    const source = reflect101(y, height)
    const row = rows[source % held]
    if (row.y !== source) {
      row.y = source
      make(source, row.values)
    }
    return row.values
  }
}

/** Rows with a border of `radius` pixels, mirrored as reflect_101: [width + 2·radius, channels]; so are rows beyond the image. */
export function paddedRows({ image, height, width, channels }: Picture, radius: number, held: number): RowOf {
  const columns = Int32Array.from({ length: width + 2 * radius }, (_, x) => reflect101(x - radius, width) * channels)
  return heldRows(height, columns.length * channels, held, (y, row) => {
    const start = y * width * channels
    for (let x = 0, to = 0; x < columns.length; x++)
      for (let c = 0, from = start + columns[x]; c < channels; c++) row[to++] = image[from + c]
  })
}

/** Rows after a horizontal filter, which reads a padded row and writes [width, channels]. */
export function filteredRows(
  picture: Picture,
  radius: number,
  held: number,
  filter: (padded: Float64Array, output: Float64Array) => void,
): RowOf {
  const padded = paddedRows(picture, radius, 1)
  return heldRows(picture.height, picture.width * picture.channels, held, (y, row) => {
    filter(padded(y), row)
  })
}
