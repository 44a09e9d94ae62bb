import type { Size } from '../sample.ts'

/** A corner, in whole pixels. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Pixels `first` … `last` of one row. */
export interface Span {
  readonly y: number
  readonly first: number
  readonly last: number
}

/** Pixels inside a polygon by the even-odd rule, its outline included, row by row (cv2.fillPoly to half a pixel). */
export function* polygonRows(corners: readonly Point[], { height, width }: Size): Generator<Span> {
  const lowest = Math.max(0, Math.min(...corners.map(({ y }) => y)))
  const highest = Math.min(height - 1, Math.max(...corners.map(({ y }) => y)))
  for (let y = lowest; y <= highest; y++) {
    const crossings: number[] = []
    corners.forEach((from, index) => {
      const to = corners[(index + 1) % corners.length]
      const [upper, lower] = from.y <= to.y ? [from, to] : [to, from]
      // The lower end belongs to the next edge, but for the last row, which would have none.
      if (y < upper.y || y > lower.y || upper.y === lower.y || (y === lower.y && y !== highest)) return
      crossings.push(upper.x + ((y - upper.y) * (lower.x - upper.x)) / (lower.y - upper.y))
    })
    crossings.sort((left, right) => left - right)
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const first = Math.max(0, Math.round(crossings[i]))
      const last = Math.min(width - 1, Math.round(crossings[i + 1]))
      if (first <= last) yield { y, first, last }
    }
  }
}
