import uPlot from 'uplot'
import type { ChartLine } from '../model/chartLines.ts'
import type { Axis } from '../model/runCurve.ts'
import type { Span } from '../model/settings.ts'
import { chartAxes, logarithmic } from './axes.ts'
import { drawLines, type PlotArea } from './drawLines.ts'
import type { Palette } from './palette.ts'

/** Everything a plot shows. */
export interface PlotFrame {
  readonly lines: readonly ChartLine[]
  readonly axis: Axis
  readonly x: Span
  readonly y: Span
  readonly isLogarithmic: boolean
  readonly palette: Palette
}

/** What a pointer does in a plot. */
export interface PlotEvents {
  /** @param x value on the axis  @param y value */
  readonly onPoint: (x: number, y: number) => void
  readonly onLeave: () => void
  readonly onZoom: (span: Span) => void
  readonly onReset: () => void
}

/** Shorter drags are clicks. */
const leastDragPixels = 5

/**
 * uPlot for axes, pointer and zoom. The lines are drawn over its axes by hand: uPlot wants all series on the same x values, and
 * runs share neither their steps nor their seconds.
 */
export class CurvePlot {
  private readonly host: HTMLElement
  private readonly events: PlotEvents
  private plot: uPlot | undefined
  private frame: PlotFrame | undefined
  private crosshair: number | undefined

  constructor(host: HTMLElement, events: PlotEvents) {
    this.host = host
    this.events = events
  }

  show(frame: PlotFrame): void {
    const before = this.frame
    this.frame = frame
    const isOther =
      before?.axis !== frame.axis ||
      before.isLogarithmic !== frame.isLogarithmic ||
      before.palette.font !== frame.palette.font
    if (this.plot === undefined || isOther) this.build(frame)
    else this.redraw(this.plot, frame)
  }

  /** Shows the line of the crosshair; undefined hides it. */
  mark(x: number | undefined): void {
    this.crosshair = x
    if (this.plot === undefined) return
    const left = x === undefined ? -10 : this.plot.valToPos(x, 'x')
    const isInside = left >= 0 && left <= this.plot.over.clientWidth
    this.plot.setCursor(isInside ? { left, top: 0 } : { left: -10, top: -10 }, false)
  }

  /** CSS pixels within the plot; undefined before the first frame. */
  position(x: number, y: number): { readonly left: number; readonly top: number } | undefined {
    if (this.plot === undefined) return undefined
    return { left: this.plot.valToPos(x, 'x'), top: this.plot.valToPos(y, 'y') }
  }

  /** The area between the axes; undefined before the first frame. */
  get area(): HTMLElement | undefined {
    return this.plot?.over
  }

  /** The host has another size, perhaps its first. */
  fit(): void {
    const { clientWidth: width, clientHeight: height } = this.host
    if (width === 0 || height === 0) return
    if (this.plot === undefined) {
      if (this.frame !== undefined) this.build(this.frame)
    } else if (width !== this.plot.width || height !== this.plot.height) this.plot.setSize({ width, height })
  }

  dispose(): void {
    this.plot?.destroy()
    this.plot = undefined
  }

  private build(frame: PlotFrame): void {
    this.dispose()
    const { clientWidth: width, clientHeight: height } = this.host
    if (width === 0 || height === 0) return
    this.plot = new uPlot(this.options(frame, width, height), [[0, 1]], this.host)
    this.watchPointer(this.plot)
    this.mark(this.crosshair)
  }

  private redraw(plot: uPlot, { x }: PlotFrame): void {
    plot.batch(() => {
      plot.setScale('x', { min: x.min, max: x.max })
    })
  }

  private options({ axis, isLogarithmic }: PlotFrame, width: number, height: number): uPlot.Options {
    const span = (of: 'x' | 'y') => (): uPlot.Range.MinMax => [this.frame![of].min, this.frame![of].max]
    return {
      width,
      height,
      padding: [10, 14, 0, 0],
      legend: { show: false },
      series: [{}],
      scales: {
        x: { time: false, range: span('x') },
        y: { range: span('y'), ...(isLogarithmic ? logarithmic : {}) },
      },
      axes: chartAxes(axis, () => this.frame!.palette),
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: leastDragPixels },
        bind: {
          dblclick: () => () => {
            this.events.onReset()
            return null
          },
        },
      },
      hooks: {
        draw: [
          (plot) => {
            this.drawLines(plot)
          },
        ],
        setSelect: [
          (plot) => {
            this.tellZoom(plot)
          },
        ],
      },
    }
  }

  private drawLines(plot: uPlot): void {
    const { lines, x, y, isLogarithmic, palette } = this.frame!
    const { left, top, width, height } = plot.bbox
    const area: PlotArea = { left, top, width, height, pixelRatio: uPlot.pxRatio, x, y, isLogarithmic }
    drawLines(plot.ctx, area, lines, palette)
  }

  /** uPlot tells of its cursor also when it was moved by us: only the pointer itself counts. */
  private watchPointer(plot: uPlot): void {
    plot.over.addEventListener('mousemove', ({ offsetX, offsetY }) => {
      this.events.onPoint(plot.posToVal(offsetX, 'x'), plot.posToVal(offsetY, 'y'))
    })
    plot.over.addEventListener('mouseleave', () => {
      this.events.onLeave()
    })
  }

  private tellZoom(plot: uPlot): void {
    const { left, width } = plot.select
    if (width === 0) return
    const [min, max] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
    this.events.onZoom({ min, max })
  }
}
