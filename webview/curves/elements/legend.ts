import '@vscode-elements/elements/dist/vscode-checkbox/index.js'
import '@vscode-elements/elements/dist/vscode-icon/index.js'
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js'
import type { VscodeCheckbox } from '@vscode-elements/elements/dist/vscode-checkbox/index.js'
import { html, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { text } from '../../shared/texts.ts'
import { numberText, scoreText } from '../model/numberTexts.ts'
import type { Stroke } from '../plot/palette.ts'
import { act } from './actionEvent.ts'
import { PageElement } from './element.ts'
import { swatch } from './swatch.ts'

/** A run in the legend. */
export interface LegendRow {
  readonly key: string
  readonly name: string
  readonly stroke: Stroke
  readonly isShown: boolean
  readonly isFocused: boolean
  readonly isGone: boolean
  readonly isReference: boolean
  readonly hasTrouble: boolean
  readonly icon: string
  readonly standing: string
  readonly conditions: readonly string[]
  /** At the crosshair, else the last; smoothed. */
  readonly loss: number
  readonly score: number
}

/** All runs: what their lines look like, how they stand, and their values. */
@customElement('foldwise-curves-legend')
export class CurvesLegend extends PageElement {
  @property({ attribute: false }) rows: readonly LegendRow[] = []
  @property({ attribute: false }) scoreName = ''
  /** Where the values are taken, e.g. `step 120`; empty for the last ones. */
  @property({ attribute: false }) place = ''

  protected override render(): TemplateResult {
    const shown = this.rows.filter(({ isShown }) => isShown).length
    const all = shown === this.rows.length
    const chosen = this.rows.filter(({ isReference, isShown }) => isShown && !isReference)
    return html`
      <table aria-label=${text('Runs')}>
        <thead>
          <tr>
            <th scope="col">
              <vscode-checkbox .checked=${all} .indeterminate=${shown > 0 && !all} @change=${this.onAll}
                >${text('All runs')}</vscode-checkbox
              >
            </th>
            <th scope="col">${text('Loss')}</th>
            <th scope="col">${this.scoreName}</th>
          </tr>
          <tr class="place">
            <td colspan="3">${this.place === '' ? text('Last values') : text('At {0}', this.place)}</td>
          </tr>
        </thead>
        ${this.rows.map((row) => this.row(row, chosen.length === 1 && chosen[0] === row))}
      </table>
    `
  }

  private row(row: LegendRow, isAlone: boolean): TemplateResult {
    const { key, name, isShown, isFocused, isGone, stroke, loss, score, conditions } = row
    return html`
      <tbody ?data-focused=${isFocused} ?data-hidden=${!isShown || isGone}>
        <tr>
          <th scope="row">
            <span class="run">
              <vscode-checkbox
                .checked=${isShown}
                ?disabled=${isGone}
                @change=${(event: Event) => {
                  act(this, { type: 'show', key, isShown: (event.target as VscodeCheckbox).checked })
                }}
                ><span class="hidden-text">${text('Show {0}', name)}</span></vscode-checkbox
              >
              <button
                type="button"
                aria-pressed=${isFocused ? 'true' : 'false'}
                title=${[name, ...conditions].join('\n')}
                @click=${() => {
                  act(this, { type: 'focus', key: isFocused ? undefined : key })
                }}
              >
                ${swatch(stroke)}<span class="name">${name}</span>
              </button>
              ${isGone ? '' : this.actions(row, isAlone)}
            </span>
          </th>
          <td>${numberText(loss)}</td>
          <td>${scoreText(score)}</td>
        </tr>
        <tr>
          <td colspan="3">${this.standing(row)}</td>
        </tr>
      </tbody>
    `
  }

  private standing({ icon, standing, hasTrouble }: LegendRow): TemplateResult {
    return html`<span class="standing" ?data-trouble=${hasTrouble}>
      <vscode-icon name=${icon} size="14"></vscode-icon><span>${standing}</span>
    </span>`
  }

  private actions({ key, name }: LegendRow, isAlone: boolean): TemplateResult {
    const only = isAlone ? text('All runs') : text('Only {0}', name)
    // What it is measured against stays.
    const others = this.rows.filter((row) => row.key !== key && !row.isReference)
    return html`<span class="actions">
      <vscode-toolbar-button
        icon="target"
        label=${only}
        title=${only}
        @click=${() => {
          act(this, { type: 'hide', keys: isAlone ? [] : others.map((row) => row.key) })
        }}
      ></vscode-toolbar-button>
      <vscode-toolbar-button
        icon="symbol-color"
        label=${text('Open the overlay of {0}', name)}
        title=${text('Open the overlay of {0}', name)}
        @click=${() => {
          act(this, { type: 'open-overlay', key })
        }}
      ></vscode-toolbar-button>
    </span>`
  }

  private readonly onAll = (event: Event): void => {
    const { checked } = event.target as VscodeCheckbox
    act(this, { type: 'hide', keys: checked ? [] : this.rows.map(({ key }) => key) })
  }
}
