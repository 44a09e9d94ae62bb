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
  const isRaw = ({ look }: ChartLine): boolean => look === 'raw'
  for (const line of [...lines.filter(isRaw), ...lines.filter((each) => !isRaw(each))]) {
    const columns = Math.ceil(area.width / area.pixelRatio)
    const isWhole = thin(line, area.x, columns, line.look === 'smooth' ? 'mean' : 'extremes', vertices)
    toPixels(vertices, area)
    // Stairs narrower than a pixel are a line.
    const look = line.look === 'stairs' && !isWhole ? 'exact' : line.look
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
  context.globalAlpha = look === 'raw' ? (isFocused ? 0.45 : isHighContrast ? 0.5 : 0.28) : 1
  context.lineWidth = (look === 'raw' ? 1 : isFocused ? 2.5 : isHighContrast ? 2 : 1.5) * pixelRatio
  context.setLineDash(look === 'raw' ? [] : dashes.map((length) => length * pixelRatio))
  context.beginPath()
  trace(context, vertices, look === 'stairs')
  context.stroke()
  if (look === 'raw') return
  context.beginPath()
  const radius = (isFocused ? 4 : 3) * pixelRatio
  const distance = (look === 'points' ? 14 : 140) * pixelRatio
  // A point between two gaps has no line that would show it.
  placeMarkers(vertices, distance, (x, y) => {
    traceMarker(context, marker, x, y, radius)
  })
  context.fill()
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
