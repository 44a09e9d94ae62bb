import type { ChartLine } from '../model/chartLines.ts'
import type { Span } from '../model/settings.ts'
import { noVertices, thin, type Vertices } from '../model/thinned.ts'
import { traceMarker } from './markerShapes.ts'
import { strokeOf, type Palette, type Stroke } from './palette.ts'

/** Where lines are drawn: the plot within its canvas, in canvas pixels, and what it spans. */
export interface PlotArea {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Canvas pixels per CSS pixel. */
  readonly pixelRatio: number
  readonly x: Span
  readonly y: Span
  readonly isLogarithmic: boolean
}

const vertices = noVertices()

/** More clouds than this would hide what lies under them: they become paler. */
const clearClouds = 5

/** Raw lines lie under all others: a pale cloud that no line hides in. */
export function drawLines(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  lines: readonly ChartLine[],
  palette: Palette,
): void {
  context.save()
  context.beginPath()
  context.rect(area.left, area.top, area.width, area.height)
  context.clip()
  // Round joins cost more than the lines.
  context.lineJoin = 'bevel'
  const raw = lines.filter(({ look }) => look === 'raw')
  const rawAlpha = palette.isHighContrast ? 0.5 : 0.28 * Math.min(1, clearClouds / raw.length)
  for (const line of [...raw, ...lines.filter(({ look }) => look !== 'raw')]) {
    const columns = Math.ceil(area.width / area.pixelRatio)
    const isWhole = thin(line, area.x, columns, line.look === 'smooth' ? 'mean' : 'extremes', vertices)
    toPixels(vertices, area)
    // Stairs narrower than a pixel are a line.
    const look = line.look === 'stairs' && !isWhole ? 'exact' : line.look
    context.globalAlpha = look !== 'raw' ? 1 : line.isFocused ? 0.45 : rawAlpha
    drawLine(context, area.pixelRatio, { ...line, look }, strokeOf(palette, line.owner), palette)
  }
  context.restore()
}

function drawLine(
  context: CanvasRenderingContext2D,
  pixelRatio: number,
  { look, isFocused }: ChartLine,
  { color, dashes, marker }: Stroke,
  { isHighContrast }: Palette,
): void {
  context.strokeStyle = context.fillStyle = color
  context.lineWidth = widthOf(look, isFocused, isHighContrast) * pixelRatio
  context.setLineDash(look === 'raw' ? [] : dashes.map((length) => length * pixelRatio))
  context.beginPath()
  trace(context, vertices, look === 'stairs')
  context.stroke()
  // Points are measured once per epoch; lines of steps have markers only where colours do not tell them apart.
  if (look === 'raw' || (look !== 'points' && !isHighContrast)) return
  context.beginPath()
  const radius = (isFocused ? 4 : 3) * pixelRatio
  const distance = (look === 'points' ? 14 : 140) * pixelRatio
  // A point between two gaps has no line that would show it.
  placeMarkers(vertices, distance, (x, y) => {
    traceMarker(context, marker, x, y, radius)
  })
  context.fill()
}

function widthOf(look: ChartLine['look'], isFocused: boolean, isHighContrast: boolean): number {
  if (look === 'raw') return 1
  const width = isFocused ? 2.5 : isHighContrast ? 2 : 1.5
  return look === 'points' ? width - 0.5 : width
}

function trace(context: CanvasRenderingContext2D, { xs, ys, count }: Vertices, isStairs: boolean): void {
  let isPenDown = false
  for (let index = 0; index < count; index++) {
    const y = ys[index]
    if (Number.isNaN(y)) isPenDown = false
    else if (isPenDown) {
      if (isStairs) context.lineTo(xs[index], ys[index - 1])
      context.lineTo(xs[index], y)
    } else {
      context.moveTo(xs[index], y)
      isPenDown = true
    }
  }
}

/** At most one marker in so many pixels; where lines are dense, they stay in place when more of the line comes. */
function placeMarkers({ xs, ys, count }: Vertices, distance: number, place: (x: number, y: number) => void): void {
  let last = -Infinity
  for (let index = 0; index < count; index++) {
    if (Number.isNaN(ys[index]) || xs[index] - last < distance) continue
    last = xs[index]
    place(xs[index], ys[index])
  }
}

function toPixels(points: Vertices, { left, top, width, height, x, y, isLogarithmic }: PlotArea): void {
  const scaleX = width / (x.max - x.min)
  const low = isLogarithmic ? Math.log10(y.min) : y.min
  const scaleY = height / ((isLogarithmic ? Math.log10(y.max) : y.max) - low)
  for (let index = 0; index < points.count; index++) {
    const value = points.ys[index]
    points.xs[index] = left + (points.xs[index] - x.min) * scaleX
    // The logarithm of what is not positive is a gap.
    points.ys[index] = top + height - ((isLogarithmic ? positiveLog(value) : value) - low) * scaleY
  }
}

function positiveLog(value: number): number {
  return value > 0 ? Math.log10(value) : NaN
}
