import type { Marker } from './palette.ts'

/** Corners of a marker around (0, 0) for a radius of 1; a circle has none. */
const corners: Readonly<Record<Exclude<Marker, 'circle'>, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.85, -0.85],
    [0.85, -0.85],
    [0.85, 0.85],
    [-0.85, 0.85],
  ],
  diamond: [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
  triangle: [
    [0, -1.2],
    [1.1, 0.85],
    [-1.1, 0.85],
  ],
  'inverted triangle': [
    [0, 1.2],
    [1.1, -0.85],
    [-1.1, -0.85],
  ],
  cross: [
    [-0.4, -1.2],
    [0.4, -1.2],
    [0.4, -0.4],
    [1.2, -0.4],
    [1.2, 0.4],
    [0.4, 0.4],
    [0.4, 1.2],
    [-0.4, 1.2],
    [-0.4, 0.4],
    [-1.2, 0.4],
    [-1.2, -0.4],
    [-0.4, -0.4],
  ],
}

/** Adds a marker to a path. */
export function traceMarker(path: CanvasPath, marker: Marker, x: number, y: number, radius: number): void {
  if (marker === 'circle') {
    path.moveTo(x + radius, y)
    path.arc(x, y, radius, 0, 2 * Math.PI)
    return
  }
  const [[firstX, firstY], ...others] = corners[marker]
  path.moveTo(x + firstX * radius, y + firstY * radius)
  for (const [cornerX, cornerY] of others) path.lineTo(x + cornerX * radius, y + cornerY * radius)
  path.closePath()
}

/** The same as the `d` of an SVG path. */
export function markerPath(marker: Marker, x: number, y: number, radius: number): string {
  if (marker === 'circle') {
    return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`
  }
  const points = corners[marker].map(([cornerX, cornerY]) => `${x + cornerX * radius} ${y + cornerY * radius}`)
  return `M${points.join('L')}Z`
}
