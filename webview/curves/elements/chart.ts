import { html, svg, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { text } from '../../shared/texts.ts'
import { chartKey } from '../model/actions.ts'
import type { ChartName } from '../model/chartLines.ts'
import type { Dot } from '../model/dots.ts'
import { CurvePlot, type PlotFrame } from '../plot/curvePlot.ts'
import { markerPath } from '../plot/markerShapes.ts'
import { strokeOf } from '../plot/palette.ts'
import { act } from './actionEvent.ts'
import { PageElement } from './element.ts'
import { render } from 'lit'

/** One chart: a heading, the plot, and the crosshair's points over it. */
@customElement('foldwise-chart')
export class Chart extends PageElement {
  @property({ attribute: false }) name!: ChartName
  @property({ attribute: false }) heading!: TemplateResult
  /** What it shows, for those who do not see it. */
  @property({ attribute: false }) label = ''
  /** Instead of lines, where there are none. */
  @property({ attribute: false }) note = ''

  @query('.plot') private readonly host!: HTMLElement
  private plot: CurvePlot | undefined
  private palette: PlotFrame['palette'] | undefined
  private points: SVGSVGElement | undefined
  private readonly resizing = new ResizeObserver(() => {
    this.plot?.fit()
    act(this, { type: 'leave' })
  })

  protected override render(): TemplateResult {
    return html`
      <div class="chart-heading">${this.heading}</div>
      <div
        class="plot"
        tabindex="0"
        role="application"
        aria-roledescription=${text('chart')}
        aria-label=${this.label}
        aria-describedby="chart-help"
        @keydown=${this.onKey}
        @blur=${this.leave}
      >
        <p class="plot-note" ?hidden=${this.note === ''}>${this.note}</p>
      </div>
    `
  }

  protected override firstUpdated(changes: PropertyValues<this>): void {
    super.firstUpdated(changes)
    this.plot = new CurvePlot(this.host, {
      onPoint: (x, y) => {
        act(this, { type: 'point', chart: this.name, x, y })
      },
      onLeave: this.leave,
      onZoom: (zoom) => {
        act(this, { type: 'zoom', zoom })
      },
      onReset: () => {
        act(this, { type: 'zoom', zoom: undefined })
      },
    })
    this.resizing.observe(this.host)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.resizing.disconnect()
    this.plot?.dispose()
  }

  draw(frame: PlotFrame): void {
    this.palette = frame.palette
    this.plot?.show(frame)
  }

  /** Shows the crosshair with its points. @param focused key of the run whose point stands out */
  mark(x: number | undefined, dots: readonly Dot[], focused: string | undefined): void {
    this.plot?.mark(x)
    const { palette } = this
    const area = this.plot?.area
    if (palette === undefined || area === undefined) return
    const shapes = dots.flatMap(({ key, owner, x: at, y }) => {
      const place = this.plot?.position(at, y)
      if (place === undefined) return []
      const { color, marker } = strokeOf(palette, owner)
      const path = markerPath(marker, place.left, place.top, key === focused ? 5.5 : 4)
      return [svg`<path d=${path} fill=${color} stroke=${palette.background} stroke-width="1.5"></path>`]
    })
    render(shapes, this.pointLayer(area))
  }

  /** Where a value is, in CSS pixels of the window. */
  placeOf(x: number, y: number): { readonly left: number; readonly top: number } | undefined {
    const place = this.plot?.position(x, y)
    const corner = this.plot?.area?.getBoundingClientRect()
    if (place === undefined || corner === undefined) return undefined
    return { left: corner.left + place.left, top: corner.top + place.top }
  }

  /** uPlot makes its area again when the kind of an axis changes. */
  private pointLayer(area: HTMLElement): SVGSVGElement {
    if (this.points?.parentElement === area) return this.points
    const layer = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    layer.setAttribute('class', 'points')
    layer.setAttribute('aria-hidden', 'true')
    area.append(layer)
    this.points = layer
    return layer
  }

  private readonly leave = (): void => {
    act(this, { type: 'leave' })
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const key = chartKey(event)
    if (key === undefined) return
    event.preventDefault()
    event.stopPropagation()
    act(this, { type: 'key', chart: this.name, key })
  }
}
