import '@vscode-elements/elements/dist/vscode-button/index.js'
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js'
import { html, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, queryAll, state } from 'lit/decorators.js'
import { text } from '../shared/texts.ts'
import { isMotionReduced, onThemeChange } from '../shared/surroundings.ts'
import { CurvesSession } from './curvesSession.ts'
import { act, listenToActions } from './elements/actionEvent.ts'
import './elements/chart.ts'
import type { Chart } from './elements/chart.ts'
import { PageElement } from './elements/element.ts'
import { lossHeading, paceHeading, scoreHeading } from './elements/headings.ts'
import './elements/legend.ts'
import { legendRows } from './elements/legendRows.ts'
import './elements/table.ts'
import './elements/toolbar.ts'
import './elements/tooltip.ts'
import { axisText, chartText, shownScoreText } from './elements/words.ts'
import { Inspection } from './inspection.ts'
import type { Action } from './model/actions.ts'
import { chartLines, chartNames, focusedCurve, type ChartName } from './model/chartLines.ts'
import { clockText, countText, epochText } from './model/numberTexts.ts'
import { valueSpan } from './model/spans.ts'
import { readPalette, strokeOf } from './plot/palette.ts'
import { Redraws } from './redraws.ts'

/** Not every value that the crosshair runs over is spoken, but the one where it comes to rest. */
const speakMilliseconds = 300

/** Runs as curves: losses, scores, learning rates, live. */
@customElement('foldwise-curves')
export class CurvesView extends PageElement {
  @queryAll('foldwise-chart') private readonly charts!: NodeListOf<Chart>
  @state() private announcement = ''
  private palette = readPalette()
  private speaking: number | undefined
  private readonly redraws = new Redraws<ChartName | 'values'>(
    [...chartNames, 'values'],
    (part) => {
      if (part === 'values') this.requestUpdate()
      else this.draw(part)
    },
    isMotionReduced,
  )
  private readonly session = new CurvesSession(
    (change) => {
      if (change === 'numbers') this.redraws.stream()
      else this.refresh()
    },
    (words) => {
      this.announcement = words
    },
  )
  private readonly inspection = new Inspection(this.session)

  constructor() {
    super()
    listenToActions(this, (action) => {
      this.perform(action)
    })
    onThemeChange(() => {
      this.palette = readPalette()
      this.refresh()
    })
  }

  protected override render(): TemplateResult {
    const { model, settings } = this.session
    const { all } = model
    if (!model.isLoaded) return html`<vscode-progress-bar aria-label=${text('Reading runs…')}></vscode-progress-bar>`
    return html`
      <header>
        <h1 class="hidden-text">${text('Curves')}</h1>
        <foldwise-curves-toolbar
          .settings=${settings}
          .hasReference=${all.some(({ curve }) => curve.facts.isReference)}
        ></foldwise-curves-toolbar>
      </header>
      ${all.length === 0 ? this.emptyPage() : this.body()}
      <div class="hidden-text" role="status">${this.announcement}</div>
    `
  }

  private body(): TemplateResult {
    const { model, settings, primary, drawn } = this.session
    const { crosshair } = this.inspection
    return html`
      <div class="body">
        <main>
          ${
            settings.layout === 'table'
              ? html`<foldwise-curves-table
                  .curves=${drawn.map(({ curve }) => curve)}
                  .settings=${settings}
                ></foldwise-curves-table>`
              : chartNames.map((name) => this.chart(name))
          }
          <p id="chart-help" hidden>
            ${text('Left and right move over points, up and down over runs. Plus and minus zoom, 0 shows everything. Enter opens the overlay. The table has the same values.')}
          </p>
        </main>
        <aside>
          <foldwise-curves-legend
            .rows=${legendRows(model.all, settings, this.palette, crosshair?.x)}
            .scoreName=${shownScoreText(settings.score.kind === 'every class' ? { kind: 'primary' } : settings.score, primary)}
            .place=${crosshair === undefined ? '' : this.placeText(crosshair.x)}
          ></foldwise-curves-legend>
        </aside>
      </div>
      <foldwise-curve-tooltip
        .facts=${this.inspection.facts(this.palette, (name, x, y) => this.chartOf(name)?.placeOf(x, y))}
      ></foldwise-curve-tooltip>
    `
  }

  private chart(name: ChartName): TemplateResult {
    const { settings, primary, drawn } = this.session
    const title = chartText(name, settings, primary)
    const isEmpty = chartLines(name, drawn, settings).every(({ xs }) => xs.length === 0)
    return html`
      <foldwise-chart
        class=${name}
        .name=${name}
        .heading=${this.heading(name)}
        .label=${text('{0} over {1}, {2} runs', title, axisText(settings.axis), drawn.length)}
        .note=${isEmpty ? this.emptyNote(name) : ''}
      ></foldwise-chart>
    `
  }

  private heading(name: ChartName): TemplateResult {
    const { settings, primary, drawn } = this.session
    switch (name) {
      case 'loss':
        return lossHeading(settings.smoothing > 0)
      case 'score': {
        const focused = focusedCurve(drawn, settings)?.curve
        const classes = [...new Set(drawn.flatMap(({ curve }) => curve.classes.map((each) => each.name)))]
        const strokes = (focused?.classes ?? []).map(
          ({ name: label, color }, slot) => [label, strokeOf(this.palette, { kind: 'class', slot, color })] as const,
        )
        const shown = settings.score.kind === 'every class' ? strokes : []
        return scoreHeading(settings, primary, classes, focused?.name ?? '', shown, (score) => {
          this.session.set({ type: 'score', score })
        })
      }
      case 'pace':
        return paceHeading(settings, (pace) => {
          this.session.set({ type: 'pace', pace })
        })
      default:
        return name satisfies never
    }
  }

  private emptyNote(chart: ChartName): string {
    const { drawn } = this.session
    if (drawn.length === 0) return text('Every run is switched off.')
    const isTraining = drawn.some(({ curve }) => curve.facts.phase === 'running')
    if (!isTraining) return text('Nothing was measured.')
    return chart === 'score' ? text('Waiting for the first validation…') : text('Waiting for the first step…')
  }

  private emptyPage(): TemplateResult {
    return html`
      <main class="message">
        <p>${text('No run is shown.')}</p>
        <p class="hint">
          ${text('Choose runs, or train one with "Foldwise: Train Fold" and open its curves from the runs view.')}
        </p>
        <vscode-button
          @click=${() => {
            act(this, { type: 'choose-runs' })
          }}
          >${text('Choose Runs…')}</vscode-button
        >
      </main>
    `
  }

  protected override updated(changes: PropertyValues<this>): void {
    super.updated(changes)
    for (const chart of this.charts) this.mark(chart)
  }

  private perform(action: Action): void {
    switch (action.type) {
      case 'point':
        this.inspection.point(action)
        this.requestUpdate()
        break
      case 'leave':
        if (this.inspection.crosshair === undefined) break
        this.inspection.crosshair = undefined
        this.requestUpdate()
        break
      case 'key':
        this.press(action)
        break
      case 'choose-runs':
        this.session.chooseRuns()
        break
      case 'open-overlay':
        this.session.openOverlay(action)
        break
      default:
        this.session.set(action)
    }
  }

  private press({ chart, key }: Extract<Action, { type: 'key' }>): void {
    if (key.type === 'open') {
      const { crosshair } = this.inspection
      if (crosshair !== undefined) this.session.openOverlay({ type: 'open-overlay', key: crosshair.key })
      return
    }
    if (this.inspection.press(chart, key)) this.speakLater()
    this.requestUpdate()
  }

  private speakLater(): void {
    window.clearTimeout(this.speaking)
    this.speaking = window.setTimeout(() => {
      const facts = this.inspection.facts(this.palette, () => ({ left: 0, top: 0 }))
      if (facts === undefined) return
      const values = facts.readings.map(([name, value]) => `${name} ${value}`)
      this.announcement = [facts.name, facts.place, ...values].join(', ')
    }, speakMilliseconds)
  }

  private draw(name: ChartName): void {
    const { settings, drawn, span } = this.session
    const lines = chartLines(name, drawn, settings)
    const isLogarithmic = name === 'loss' && settings.isLossLogarithmic
    const chart = this.chartOf(name)
    if (chart === undefined) return
    chart.draw({
      lines,
      axis: settings.axis,
      x: span,
      y: valueSpan(lines, span, isLogarithmic),
      isLogarithmic,
      palette: this.palette,
    })
    this.mark(chart)
  }

  private mark(chart: Chart): void {
    const { crosshair } = this.inspection
    chart.mark(crosshair?.x, this.inspection.dotsIn(chart.name), crosshair?.key)
  }

  /** Charts that are new on the page are there in the next frame. */
  private refresh(): void {
    this.requestUpdate()
    this.redraws.now()
  }

  private placeText(x: number): string {
    switch (this.session.settings.axis) {
      case 'step':
        return text('step {0}', countText(Math.round(x)))
      case 'epoch':
        return text('epoch {0}', epochText(Math.round(x * 10) / 10))
      case 'seconds':
        return clockText(x)
    }
  }

  private chartOf(name: ChartName): Chart | undefined {
    return [...this.charts].find((chart) => chart.name === name)
  }
}
