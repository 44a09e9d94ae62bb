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

/** Validated values further than this beyond the upper quartile, in distances of the quartiles, are Tukey's far outliers. */
const outlierDistance = 3

/** A line that rises so many times higher than the median one has diverged. */
const divergedFactor = 10

/**
 * The values that lie in `x`, with some room. A run that diverged does not flatten all others, and validated points among lines
 * of steps do not stretch the chart by outliers: the first validation, before BatchNorm's statistics have settled, is often
 * many times all others.
 * @param isLogarithmic values that are not positive have no place then
 */
export function valueSpan(lines: readonly ChartLine[], x: Span, isLogarithmic: boolean): Span {
  const ofSteps = stepsExtent(
    lines.filter(({ look }) => look !== 'points'),
    x,
    isLogarithmic,
  )
  const points = lines.filter(({ look }) => look === 'points')
  const fence = ofSteps.max === -Infinity ? Infinity : Math.max(ofSteps.max, upperFence(points, x))
  const { min, max } = joined([ofSteps, ...points.map((line) => extent(line, x, isLogarithmic, fence))])
  if (min > max) return isLogarithmic ? { min: 0.1, max: 1 } : { min: 0, max: 1 }
  return isLogarithmic ? logarithmicRoom(min, max) : room(min, max)
}

/** Of lines of steps, without those that diverged; a logarithmic axis has room for them. */
function stepsExtent(lines: readonly ChartLine[], x: Span, isLogarithmic: boolean): Span {
  const extents = lines.map((line) => extent(line, x, isLogarithmic))
  if (isLogarithmic) return joined(extents)
  const highest = extents.map(({ max }) => max).filter((max) => max > -Infinity)
  const median = highest.sort((a, b) => a - b).at((highest.length - 1) >> 1) ?? 0
  // Learning rates are chosen, and differ by factors on purpose.
  return joined(extents.filter(({ max }, index) => lines[index].look === 'stairs' || max <= divergedFactor * median))
}

function joined(extents: readonly Span[]): Span {
  return { min: Math.min(...extents.map(({ min }) => min)), max: Math.max(...extents.map(({ max }) => max)) }
}

/** From the lowest to the highest value up to `limit`; from infinity to minus infinity where there is none. */
function extent({ xs, ys }: ChartLine, x: Span, isLogarithmic: boolean, limit = Infinity): Span {
  let min = Infinity
  let max = -Infinity
  const end = Math.min(firstAtLeast(xs, x.max), ys.length - 1)
  for (let index = firstAtLeast(xs, x.min); index <= end; index++) {
    const value = ys[index]
    if (value > limit || (isLogarithmic && value <= 0)) continue
    if (value < min) min = value
    if (value > max) max = value
  }
  return { min, max }
}

function upperFence(lines: readonly ChartLine[], x: Span): number {
  const values = lines
    .flatMap(({ xs, ys }) => [...ys.subarray(firstAtLeast(xs, x.min), firstAtLeast(xs, x.max))])
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b)
  if (values.length === 0) return -Infinity
  const [low, high] = [0.25, 0.75].map((share) => values[Math.floor(share * (values.length - 1))])
  return high + outlierDistance * (high - low)
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
