import type { ChartKey } from './model/actions.ts'
import { focusedCurve, type ChartName } from './model/chartLines.ts'
import type { PlacedCurve } from './model/curvesModel.ts'
import { pointsOf } from './model/dots.ts'
import { nearest } from './model/search.ts'
import type { Settings } from './model/settings.ts'

/** A place on the axis that values are read at. */
export interface Crosshair {
  /** The chart that the pointer or the focus is in. */
  readonly chart: ChartName
  readonly x: number
  /** Key of the run that it is at. */
  readonly key: string
}

type Movement = Extract<ChartKey, { type: 'move' | 'move-share' | 'end' | 'run' }>

/** The crosshair after a key, on a point of the run that is looked at; undefined where there is none. */
export function movedCrosshair(
  crosshair: Crosshair | undefined,
  chart: ChartName,
  movement: Movement,
  drawn: readonly PlacedCurve[],
  settings: Settings,
): Crosshair | undefined {
  const start = drawn.find(({ curve }) => curve.key === crosshair?.key) ?? focusedCurve(drawn, settings)
  if (start === undefined) return undefined
  const { curve } = movement.type === 'run' ? neighbour(drawn, start, movement.by) : start
  const points = pointsOf(chart, curve, settings)
  if (points.length === 0) return undefined
  const last = points.length - 1
  const index = crosshair === undefined ? last : nearest(points, crosshair.x)
  const wanted = crosshair === undefined && movement.type !== 'end' ? last : index + distance(movement, points.length)
  return { chart, x: points[Math.min(last, Math.max(0, wanted))], key: curve.key }
}

function distance(movement: Movement, count: number): number {
  switch (movement.type) {
    case 'move':
      return movement.points
    case 'move-share':
      return Math.sign(movement.share) * Math.max(1, Math.round(Math.abs(movement.share) * count))
    case 'end':
      return movement.which === 'first' ? -Infinity : Infinity
    case 'run':
      return 0
    default:
      return movement satisfies never
  }
}

function neighbour(drawn: readonly PlacedCurve[], from: PlacedCurve, by: 1 | -1): PlacedCurve {
  return drawn[(drawn.indexOf(from) + by + drawn.length) % drawn.length]
}
