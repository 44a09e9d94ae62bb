import '@vscode-elements/elements/dist/vscode-button/index.js'
import '@vscode-elements/elements/dist/vscode-checkbox/index.js'
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js'
import type { VscodeCheckbox } from '@vscode-elements/elements/dist/vscode-checkbox/index.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { segments } from '../../shared/segments.ts'
import { text } from '../../shared/texts.ts'
import type { Action } from '../model/actions.ts'
import type { Axis } from '../model/runCurve.ts'
import type { Settings } from '../model/settings.ts'
import { act } from './actionEvent.ts'
import { PageElement } from './element.ts'
import { axisText } from './words.ts'

const axes: readonly Axis[] = ['step', 'epoch', 'seconds']

/** How curves are drawn, and which. */
@customElement('foldwise-curves-toolbar')
export class CurvesToolbar extends PageElement {
  @property({ attribute: false }) settings!: Settings
  @property({ attribute: false }) hasReference = false

  protected override render(): TemplateResult {
    const { settings } = this
    const { layout, zoom } = settings
    return html`
      ${segments(
        text('Curves run over'),
        axes.map((axis) => ({ value: axis, label: axisText(axis) })),
        settings.axis,
        (axis) => {
          act(this, { type: 'axis', axis })
        },
      )}
      ${this.smoothing()}
      ${this.check(text('Logarithmic loss'), settings.isLossLogarithmic, (isOn) => ({ type: 'logarithmic', isOn }))}
      ${
        this.hasReference
          ? this.check(text('Baseline'), settings.hasReferences, (isOn) => ({ type: 'references', isOn }))
          : nothing
      }
      <span class="spring"></span>
      <vscode-button
        class="reset-zoom"
        secondary
        icon="screen-full"
        ?hidden=${zoom === undefined || layout === 'table'}
        title=${text('Show all of the curves (double click, 0)')}
        @click=${() => {
          act(this, { type: 'zoom', zoom: undefined })
        }}
        >${text('Reset Zoom')}</vscode-button
      >
      ${segments(
        text('Show as'),
        [
          { value: 'charts', label: text('Charts') },
          { value: 'table', label: text('Table') },
        ],
        layout,
        (chosen) => {
          act(this, { type: 'layout', layout: chosen })
        },
      )}
      <vscode-button
        secondary
        icon="list-selection"
        @click=${() => {
          act(this, { type: 'choose-runs' })
        }}
        >${text('Choose Runs…')}</vscode-button
      >
    `
  }

  private smoothing(): TemplateResult {
    const { smoothing } = this.settings
    return html`
      <label class="group" title=${text('Exponential moving average over steps; the pale line is what was measured')}>
        <span>${text('Smoothing')}</span>
        <input
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          .value=${String(smoothing)}
          @input=${(event: Event) => {
            act(this, { type: 'smoothing', smoothing: Number((event.target as HTMLInputElement).value) })
          }}
        />
        <span class="amount">${smoothing.toFixed(2)}</span>
      </label>
    `
  }

  private check(label: string, isOn: boolean, action: (isOn: boolean) => Action): TemplateResult {
    return html`
      <vscode-checkbox
        .checked=${isOn}
        @change=${(event: Event) => {
          act(this, action((event.target as VscodeCheckbox).checked))
        }}
        >${label}</vscode-checkbox
      >
    `
  }
}
