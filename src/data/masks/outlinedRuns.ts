import type { Size } from '../../augment/sample.ts'
import { checkBoundary } from './polygonRuns.ts'

/**
 * A polygon with its outline, as annotation tools draw it: a pixel is inside where its integer position is inside or on the
 * border, or where a line between two rounded corners meets it. Pillow's ImageDraw.polygon may differ by border pixels.
 * @param ring x0 y0 x1 y1 … in pixels
 * @returns starts and ends in turn as offsets x · height + y; they may overlap
 * @throws RangeError for an endless boundary
 */
export function outlinedRuns(ring: readonly number[], { height, width }: Size): readonly number[] {
  checkBoundary(ring)
  const runs: number[] = []
  const add = (x: number, top: number, bottom: number): void => {
    const [from, to] = [Math.max(top, 0), Math.min(bottom, height - 1)]
    if (x >= 0 && x < width && from <= to) runs.push(x * height + from, x * height + to + 1)
  }
  const crossings = crossingsOf(ring, width)
  for (const [x, ys] of crossings) {
    ys.sort((a, b) => a - b)
    for (let i = 0; i + 1 < ys.length; i += 2) add(x, Math.ceil(ys[i]), Math.floor(ys[i + 1]))
  }
  forEachEdge(ring, (x0, y0, x1, y1) => {
    const [left, top, right, bottom] = [x0, y0, x1, y1].map(Math.round)
    const steps = Math.max(Math.abs(right - left), Math.abs(bottom - top), 1)
    for (let d = 0; d <= steps; d++) {
      const y = Math.round(top + ((bottom - top) * d) / steps)
      add(Math.round(left + ((right - left) * d) / steps), y, y)
    }
  })
  return runs
}

/** Where edges cross the middle of each column of the image, unsorted. */
function crossingsOf(ring: readonly number[], width: number): ReadonlyMap<number, number[]> {
  const crossings = new Map<number, number[]>()
  forEachEdge(ring, (x0, y0, x1, y1) => {
    const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)]
    // Half-open: a corner between two edges is counted once.
    for (let x = Math.max(Math.ceil(left), 0); x < right && x < width; x++) {
      const ys = crossings.get(x) ?? []
      if (ys.push(y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)) === 1) crossings.set(x, ys)
    }
  })
  return crossings
}

function forEachEdge(ring: readonly number[], visit: (x0: number, y0: number, x1: number, y1: number) => void): void {
  for (let i = 0; i < ring.length; i += 2) {
    const next = (i + 2) % ring.length
    visit(ring[i], ring[i + 1], ring[next], ring[next + 1])
  }
}
