import '@vscode-elements/elements/dist/vscode-button/index.js'
import '@vscode-elements/elements/dist/vscode-option/index.js'
import '@vscode-elements/elements/dist/vscode-single-select/index.js'
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js'
import type { VscodeSingleSelect } from '@vscode-elements/elements/dist/vscode-single-select/index.js'
import { LitElement, html, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { segments, type Segment } from '../../shared/segments.ts'
import { text } from '../../shared/texts.ts'
import type { ImageOrder } from '../model/imageOrder.ts'
import { zoomStep } from '../model/keys.ts'
import { paneNames, type ShownPanes, type ViewState } from '../model/viewState.ts'
import { act } from './actionEvent.ts'
import { paneTitle } from './describe.ts'
import { scoreText } from './format.ts'
import { sharedStyles } from './styles.ts'
import { toolbarStyles } from './toolbarStyles.ts'

/** What the toolbar shows of the image and the run. */
export interface ToolbarFacts {
  readonly run: string
  readonly epoch: number | undefined
  readonly foldScore: number | null
  readonly image: string
  readonly score: number | null
  /** `640 × 480`; empty until the picture is there. */
  readonly size: string
  /** From 1. */
  readonly position: number
  readonly count: number
  readonly classNames: readonly string[]
  /** CSS pixels per picture pixel. */
  readonly scale: number | undefined
  readonly isBlinking: boolean
  /** Why there is nothing to blink with; empty where there is. */
  readonly noBaseline: string
}

/** Which image, in which order, how it is drawn. */
@customElement('foldwise-overlay-toolbar')
export class OverlayToolbar extends LitElement {
  static override styles = [sharedStyles, toolbarStyles]

  @property({ attribute: false }) facts!: ToolbarFacts
  @property({ attribute: false }) view!: ViewState

  protected override render(): TemplateResult {
    return html`
      <div class="row">${this.steps()}${this.imageTitle()}${this.runButton()}</div>
      <div class="row">
        ${this.order()}${this.panes()}${this.opacity()}${this.blink()}${this.zoom()}
        <vscode-toolbar-button
          class="help"
          icon="question"
          label=${text('Keyboard shortcuts')}
          title=${text('Keyboard shortcuts (?)')}
          @click=${() => {
            act(this, { type: 'help' })
          }}
        ></vscode-toolbar-button>
      </div>
    `
  }

  private steps(): TemplateResult {
    const { position, count } = this.facts
    const step = (by: 1 | -1, icon: string, label: string, keys: string, isEnd: boolean): TemplateResult => html`
      <vscode-button
        secondary
        icon-only
        icon=${icon}
        aria-label=${label}
        title="${label} (${keys})"
        ?disabled=${isEnd}
        @click=${() => {
          act(this, { type: 'step', by })
        }}
      ></vscode-button>
    `
    return html`
      <div class="group">
        ${step(-1, 'arrow-left', text('Previous image'), 'P', position <= 1)}
        ${step(1, 'arrow-right', text('Next image'), 'N', position >= count)}
        <span class="position">${position} / ${count}</span>
      </div>
    `
  }

  private imageTitle(): TemplateResult {
    const { image, score, size } = this.facts
    return html`
      <h1 title=${image}>${image}</h1>
      <span class="facts">mIoU <strong>${scoreText(score)}</strong></span>
      <span class="facts">${size}</span>
    `
  }

  private runButton(): TemplateResult {
    const { run, epoch, foldScore } = this.facts
    const fold = `mIoU ${scoreText(foldScore)}${epoch === undefined ? '' : ` · ${text('epoch {0}', epoch)}`}`
    return html`
      <span class="run">
        <span class="facts" title=${text('All images of the fold, at the best epoch')}>${fold}</span>
        <vscode-button
          secondary
          icon-after="chevron-down"
          title=${text('Choose another run')}
          aria-label=${text('Run {0}. Choose another run', run)}
          @click=${() => {
            act(this, { type: 'choose-run' })
          }}
          >${run}</vscode-button
        >
      </span>
    `
  }

  private order(): TemplateResult {
    const options: readonly (readonly [string, string])[] = [
      ['worst', text('Worst first')],
      ['best', text('Best first')],
      ['name', text('By name')],
      ...this.facts.classNames.map((name) => [`class:${name}`, text('By IoU of {0}', name)] as const),
    ]
    const { order } = this.view
    const chosen = order.by === 'class' ? `class:${order.className}` : order.by
    return html`
      <vscode-single-select
        label=${text('Order of the images')}
        title=${text('Order of the images')}
        @change=${this.onOrder}
      >
        ${options.map(
          ([value, label]) =>
            html`<vscode-option value=${value} ?selected=${value === chosen}>${label}</vscode-option>`,
        )}
      </vscode-single-select>
    `
  }

  private panes(): TemplateResult {
    const choices: readonly Segment<ShownPanes>[] = [
      { value: 'all', label: text('All four'), hint: 'G' },
      ...paneNames.map((value, index) => ({ value, label: paneTitle(value, 'own'), hint: String(index + 1) })),
    ]
    return segments(text('Shown pictures'), choices, this.view.panes, (panes) => {
      act(this, { type: 'panes', panes })
    })
  }

  private opacity(): TemplateResult {
    const percent = Math.round(this.view.opacity * 100)
    return html`
      <label class="group" title=${text('Opacity of the classes over the image ([ and ])')}>
        <span>${text('Opacity')}</span>
        <input
          type="range"
          min="0"
          max="100"
          .value=${String(percent)}
          aria-valuetext="${percent} %"
          @input=${this.onOpacity}
        />
        <span class="percent">${percent} %</span>
      </label>
    `
  }

  private blink(): TemplateResult {
    const { isBlinking, noBaseline } = this.facts
    const meaning = text('Blink between this prediction and the baseline’s (B, or hold Space)')
    return html`
      <vscode-button
        class="blink"
        secondary
        icon="eye"
        aria-pressed=${isBlinking ? 'true' : 'false'}
        title=${noBaseline === '' ? meaning : noBaseline}
        ?disabled=${noBaseline !== ''}
        @click=${() => {
          act(this, { type: 'toggle-blink' })
        }}
        >${text('Baseline')}</vscode-button
      >
    `
  }

  private zoom(): TemplateResult {
    const { scale } = this.facts
    const button = (icon: string, label: string, key: string, factor: number | undefined): TemplateResult => html`
      <vscode-toolbar-button
        icon=${icon}
        label=${label}
        title="${label} (${key})"
        @click=${() => {
          act(this, factor === undefined ? { type: 'fit' } : { type: 'zoom', factor })
        }}
      ></vscode-toolbar-button>
    `
    return html`
      <div class="group zoom">
        ${button('zoom-out', text('Zoom out'), '−', 1 / zoomStep)}
        <span class="percent">${scale === undefined ? '' : `${Math.round(scale * 100)} %`}</span>
        ${button('zoom-in', text('Zoom in'), '+', zoomStep)}${button('screen-full', text('Fit'), '0', undefined)}
      </div>
    `
  }

  private readonly onOrder = (event: Event): void => {
    const { value } = event.target as VscodeSingleSelect
    act(this, { type: 'order', order: orderOf(value) })
  }

  private readonly onOpacity = (event: Event): void => {
    act(this, { type: 'opacity', opacity: Number((event.target as HTMLInputElement).value) / 100 })
  }
}

function orderOf(value: string): ImageOrder {
  if (value === 'best' || value === 'name') return { by: value }
  return value.startsWith('class:') ? { by: 'class', className: value.slice('class:'.length) } : { by: 'worst' }
}
