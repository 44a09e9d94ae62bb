import type { Size } from '../../augment/sample.ts'

/** Points are put on a grid five times as fine as the pixels. */
const scale = 5
/** A boundary longer than this is no drawing of a person or a network. */
const boundaryLimit = 50_000_000

/**
 * Where a polygon begins and ends in the columns of an image: offsets x · height + y, ascending; pixels from an offset at an
 * even place to the next one are inside (even-odd). The same pixels as `rleFrPoly` of pycocotools 2.0.11 (maskApi.c).
 * @param ring x0 y0 x1 y1 … in pixels
 * @throws RangeError for a boundary of more than `boundaryLimit` steps
 */
export function polygonRuns(ring: readonly number[], { height, width }: Size): readonly number[] {
  const points = ring.map((value) => Math.trunc(scale * value + 0.5))
  checkBoundary(points)
  const offsets: number[] = []
  let lastU: number | undefined
  let lastV = 0
  const visit = (u: number, v: number): void => {
    if (lastU !== undefined && u !== lastU) {
      const x = ((u < lastU ? u : u - 1) + 0.5) / scale - 0.5
      if (Number.isInteger(x) && x >= 0 && x <= width - 1) {
        const y = (Math.min(v, lastV) + 0.5) / scale - 0.5
        offsets.push(x * height + Math.ceil(Math.min(Math.max(y, 0), height)))
      }
    }
    lastU = u
    lastV = v
  }
  for (let i = 0; i < points.length; i += 2) {
    const next = (i + 2) % points.length
    walkEdge(points[i], points[i + 1], points[next], points[next + 1], visit)
  }
  offsets.push(height * width)
  return offsets.sort((a, b) => a - b)
}

/** Every grid point from one corner to the next, both included; always computed in the same direction, as the original does. */
function walkEdge(x0: number, y0: number, x1: number, y1: number, visit: (u: number, v: number) => void): void {
  const dx = Math.abs(x1 - x0)
  const dy = Math.abs(y1 - y0)
  const isFlat = dx >= dy
  const isFlipped = isFlat ? x0 > x1 : y0 > y1
  const [xs, ys, xe, ye] = isFlipped ? [x1, y1, x0, y0] : [x0, y0, x1, y1]
  const steps = isFlat ? dx : dy
  const slope = steps === 0 ? 0 : (isFlat ? ye - ys : xe - xs) / steps
  for (let d = 0; d <= steps; d++) {
    const t = isFlipped ? steps - d : d
    if (isFlat) visit(t + xs, Math.trunc(ys + slope * t + 0.5))
    else visit(Math.trunc(xs + slope * t + 0.5), t + ys)
  }
}

/** @param points x0 y0 x1 y1 … @throws RangeError for a boundary of more than `boundaryLimit` steps */
export function checkBoundary(points: readonly number[]): void {
  let length = 0
  for (let i = 0; i < points.length; i += 2) {
    const next = (i + 2) % points.length
    length += Math.max(Math.abs(points[i] - points[next]), Math.abs(points[i + 1] - points[next + 1])) + 1
  }
  if (!(length <= boundaryLimit))
    throw new RangeError(`its boundary has ${Math.round(length)} steps, the limit is ${boundaryLimit}`)
}
