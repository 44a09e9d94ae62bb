import { focusedCurve, scoreColumn, type ChartName, type Owner } from './chartLines.ts'
import type { PlacedCurve } from './curvesModel.ts'
import type { RunCurve } from './runCurve.ts'
import { nearest } from './search.ts'
import type { Settings, Span } from './settings.ts'

/** The point of a line that lies nearest to the crosshair. */
export interface Dot {
  readonly key: string
  readonly owner: Owner
  readonly x: number
  readonly y: number
}

/** A line that ended so far from the crosshair, as a share of what is shown, has no point there. */
const reach = 0.03

/** One point per line of a chart. @param shown part of the axis that is drawn */
export function dotsAt(
  chart: ChartName,
  drawn: readonly PlacedCurve[],
  settings: Settings,
  x: number,
  shown: Span,
): readonly Dot[] {
  const limit = reach * (shown.max - shown.min)
  const dot = (key: string, owner: Owner, xs: Float64Array, ys: Float64Array): readonly Dot[] => {
    const index = nearest(xs, x)
    const isBeyond = index < 0 || x < xs[0] - limit || x > xs[xs.length - 1] + limit
    return isBeyond || !(index < ys.length) || Number.isNaN(ys[index])
      ? []
      : [{ key, owner, x: xs[index], y: ys[index] }]
  }
  const focused = focusedCurve(drawn, settings)?.curve
  if (chart === 'score' && settings.score.kind === 'every class' && focused !== undefined)
    return focused.classes.flatMap(({ color }, slot) =>
      dot(focused.key, { kind: 'class', slot, color }, focused.epoch(settings.axis), focused.classIoU(slot)),
    )
  return drawn.flatMap(({ curve, slot }) => {
    const kind = curve.facts.isReference ? 'reference' : 'run'
    return dot(curve.key, { kind, slot }, pointsOf(chart, curve, settings), valuesOf(chart, curve, settings))
  })
}

/** Places of the points that the crosshair moves over: steps, or epochs in the chart of scores. */
export function pointsOf(chart: ChartName, curve: RunCurve, { axis }: Settings): Float64Array {
  return chart === 'score' ? curve.epoch(axis) : curve.step(axis)
}

function valuesOf(chart: ChartName, curve: RunCurve, settings: Settings): Float64Array {
  switch (chart) {
    case 'loss':
      return curve.smoothed('loss', settings.smoothing)
    case 'score':
      return scoreColumn(curve, settings)
    case 'pace':
      return settings.pace === 'lr' ? curve.step('lr') : curve.smoothed('gradNorm', settings.smoothing)
    default:
      return chart satisfies never
  }
}

/** The dot nearest to a height, in the units of the chart; undefined without dots. */
export function nearestDot(dots: readonly Dot[], y: number): Dot | undefined {
  return dots.reduce<Dot | undefined>(
    (best, dot) => (best === undefined || Math.abs(dot.y - y) < Math.abs(best.y - y) ? dot : best),
    undefined,
  )
}
