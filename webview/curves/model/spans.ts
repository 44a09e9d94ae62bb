import type { ChartLine } from './chartLines.ts'
import type { Axis, RunCurve } from './runCurve.ts'
import { firstAtLeast } from './search.ts'
import type { Span } from './settings.ts'

/** Room beside the outermost points, as a share of the axis. */
const margin = 0.05

/** From the beginning of training to the last point of any run, with room for its marker. */
export function fullSpan(curves: readonly RunCurve[], axis: Axis): Span {
  const ends = curves.flatMap((curve) => [curve.step(axis).at(-1) ?? 0, curve.epoch(axis).at(-1) ?? 0])
  const max = Math.max(0, ...ends)
  return { min: 0, max: max === 0 ? 1 : max * 1.015 }
}

/** The values that lie in `x`, with some room. @param isLogarithmic values that are not positive have no place then */
export function valueSpan(lines: readonly ChartLine[], x: Span, isLogarithmic: boolean): Span {
  let min = Infinity
  let max = -Infinity
  for (const { xs, ys } of lines) {
    const end = firstAtLeast(xs, x.max)
    for (let index = firstAtLeast(xs, x.min); index <= end && index < ys.length; index++) {
      const value = ys[index]
      if (isLogarithmic && value <= 0) continue
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  if (min > max) return isLogarithmic ? { min: 0.1, max: 1 } : { min: 0, max: 1 }
  return isLogarithmic ? logarithmicRoom(min, max) : room(min, max)
}

function room(min: number, max: number): Span {
  const extent = max - min || Math.abs(max) || 1
  const low = min - margin * extent
  // A loss just above zero shall not look as if it could be negative.
  return { min: min >= 0 && low < 0 ? 0 : low, max: max + margin * extent }
}

function logarithmicRoom(min: number, max: number): Span {
  const factor = max === min ? 2 : (max / min) ** margin
  return { min: min / factor, max: max * factor }
}

/**
 * A part of the axis scaled around a place in it, within all there is; undefined where that is everything.
 * @param factor of its length: below 1 to see more of less
 */
export function scaled(span: Span, full: Span, factor: number, center: number): Span | undefined {
  const share = (center - span.min) / (span.max - span.min)
  const length = (span.max - span.min) * factor
  return within({ min: center - share * length, max: center + (1 - share) * length }, full)
}

/** A part of the axis moved so that a place lies in it. */
export function moved(span: Span, full: Span, place: number): Span | undefined {
  if (place >= span.min && place <= span.max) return span
  const half = (span.max - span.min) / 2
  const center = Math.min(full.max - half, Math.max(full.min + half, place))
  return within({ min: center - half, max: center + half }, full)
}

function within({ min, max }: Span, full: Span): Span | undefined {
  const part = { min: Math.max(full.min, min), max: Math.min(full.max, max) }
  return part.min <= full.min && part.max >= full.max ? undefined : part
}
