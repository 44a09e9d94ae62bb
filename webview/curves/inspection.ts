import { movedCrosshair, type Crosshair } from './crosshair.ts'
import type { CurvesSession } from './curvesSession.ts'
import type { TooltipFacts } from './elements/tooltip.ts'
import { placeText, readings } from './elements/words.ts'
import type { Action, ChartKey } from './model/actions.ts'
import type { ChartName } from './model/chartLines.ts'
import { dotsAt, nearestDot, type Dot } from './model/dots.ts'
import { readout } from './model/readout.ts'
import { moved, scaled } from './model/spans.ts'
import { strokeOf, type Palette } from './plot/palette.ts'

/** Where a value of a chart is, in CSS pixels of the window. */
export type Locate = (
  chart: ChartName,
  x: number,
  y: number,
) => { readonly left: number; readonly top: number } | undefined

/** Looking at values: the crosshair, moved by the pointer or by keys, and what is read there. */
export class Inspection {
  crosshair: Crosshair | undefined
  private readonly session: CurvesSession

  constructor(session: CurvesSession) {
    this.session = session
  }

  point({ chart, x, y }: Extract<Action, { type: 'point' }>): void {
    const key = nearestDot(this.dots(chart, x), y)?.key ?? ''
    this.crosshair = { chart, x, key }
  }

  /** @returns whether the crosshair was meant */
  press(chart: ChartName, key: Exclude<ChartKey, { type: 'open' }>): boolean {
    const { session } = this
    switch (key.type) {
      case 'scale': {
        const { span, full } = session
        const center = this.crosshair?.x ?? (span.min + span.max) / 2
        session.set({ type: 'zoom', zoom: scaled(span, full, key.factor, center) })
        return false
      }
      case 'reset':
        this.crosshair = undefined
        session.set({ type: 'zoom', zoom: undefined })
        return false
      default:
        this.crosshair = movedCrosshair(this.crosshair, chart, key, session.drawn, session.settings) ?? this.crosshair
        this.followZoom()
        return true
    }
  }

  /** Points at the crosshair in a chart; none without one. */
  dotsIn(chart: ChartName): readonly Dot[] {
    return this.crosshair === undefined ? [] : this.dots(chart, this.crosshair.x)
  }

  /** What is read at the crosshair; undefined where there is nothing. */
  facts(palette: Palette, locate: Locate): TooltipFacts | undefined {
    const { crosshair, session } = this
    const placed = crosshair === undefined ? undefined : session.model.at(crosshair.key)
    const dot = crosshair && this.dotsIn(crosshair.chart).find(({ key }) => key === crosshair.key)
    if (crosshair === undefined || placed === undefined || dot === undefined) return undefined
    const { curve } = placed
    const place = locate(crosshair.chart, dot.x, dot.y)
    if (place === undefined) return undefined
    const values = readout(curve, session.settings, crosshair.x)
    return {
      name: curve.name,
      stroke: strokeOf(palette, { kind: curve.facts.isReference ? 'reference' : 'run', slot: placed.slot }),
      place: placeText(values, crosshair.chart),
      readings: readings(values, session.settings, curve.facts.metric),
      conditions: curve.facts.conditions,
      ...place,
    }
  }

  private followZoom(): void {
    const { session, crosshair } = this
    const { zoom } = session.settings
    if (zoom === undefined || crosshair === undefined) return
    const next = moved(zoom, session.full, crosshair.x)
    if (next !== zoom) session.set({ type: 'zoom', zoom: next })
  }

  private dots(chart: ChartName, x: number): readonly Dot[] {
    const { drawn, settings, span } = this.session
    return dotsAt(chart, drawn, settings, x, span)
  }
}
