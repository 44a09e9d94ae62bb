import type { ChartLine } from './chartLines.ts'
import { firstAtLeast } from './search.ts'
import type { Span } from './settings.ts'

/** Room beside the outermost points, as a share of the axis. */
const margin = 0.05

/** From the beginning of training to the last point of any line, with room for its marker. */
export function fullSpan(lines: readonly ChartLine[]): Span {
  const max = lines.reduce((most, { xs }) => Math.max(most, xs.at(-1) ?? 0), 0)
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

/** The zoomed part, moved and scaled; undefined where everything is in it. @param factor of its length, around `center` */
export function zoomed(span: Span, full: Span, factor: number, center: number): Span | undefined {
  const length = (span.max - span.min) * factor
  const share = (center - span.min) / (span.max - span.min)
  const min = Math.max(full.min, center - share * length)
  const max = Math.min(full.max, min + length)
  return min <= full.min && max >= full.max ? undefined : { min, max }
}
