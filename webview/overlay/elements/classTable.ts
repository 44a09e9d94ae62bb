import '@vscode-elements/elements/dist/vscode-checkbox/index.js'
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js'
import type { VscodeCheckbox } from '@vscode-elements/elements/dist/vscode-checkbox/index.js'
import { LitElement, css, html, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { text } from '../../shared/texts.ts'
import type { ClassRow } from '../model/classRows.ts'
import { act } from './actionEvent.ts'
import { countText, scoreText } from './format.ts'
import { sharedStyles, tableStyles } from './styles.ts'
import { swatch } from './swatch.ts'

/** The classes: what each scored in this image and in the fold, and whether it is shown. */
@customElement('foldwise-class-table')
export class ClassTable extends LitElement {
  static override styles = [
    sharedStyles,
    tableStyles,
    css`
      :host {
        display: block;
      }
      .class {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        vertical-align: middle;
      }
      .swatch {
        flex: none;
      }
      vscode-checkbox {
        vertical-align: middle;
      }
      /* Names get what the numbers leave; a long one is cut off. */
      th:first-child {
        width: 100%;
        max-width: 0;
        padding-right: 8px;
        overflow: hidden;
      }
      td:last-child {
        width: 28px;
        padding: 0 4px 0 0;
      }
      td:last-child > vscode-toolbar-button {
        vertical-align: middle;
      }
      [data-hidden] td {
        color: var(--vscode-descriptionForeground);
      }
    `,
  ]

  @property({ attribute: false }) rows: readonly ClassRow[] = []

  protected override render(): TemplateResult {
    const shown = this.rows.filter(({ isShown }) => isShown).length
    const all = shown === this.rows.length
    return html`
      <table aria-label=${text('Classes')}>
        <thead>
          <tr>
            <th scope="col">
              <vscode-checkbox .checked=${all} .indeterminate=${shown > 0 && !all} @change=${this.onAll}
                >${text('All classes')}</vscode-checkbox
              >
            </th>
            <th scope="col" title=${text('Pixels of this class in the mask')}>${text('Truth')}</th>
            <th scope="col" title=${text('Pixels that were predicted as this class')}>${text('Predicted')}</th>
            <th scope="col" title=${text('Intersection over union in this image')}>IoU</th>
            <th scope="col" title=${text('Intersection over union in all images of the fold')}>${text('Fold')}</th>
            <th scope="col"><span class="hidden-text">${text('Only this class')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${this.rows.map((row) => this.row(row, row.isShown && shown === 1))}
        </tbody>
      </table>
    `
  }

  private row(row: ClassRow, isAlone: boolean): TemplateResult {
    const { name, color, isShown, truthPixels, predictedPixels, imageIoU, foldIoU } = row
    return html`
      <tr ?data-hidden=${!isShown}>
        <th scope="row" title=${name}>
          <vscode-checkbox
            .checked=${isShown}
            @change=${(event: Event) => {
              this.onClass(name, event)
            }}
            ><span class="class">${swatch(color)}${name}</span></vscode-checkbox
          >
        </th>
        <td>${countText(truthPixels)}</td>
        <td>${countText(predictedPixels)}</td>
        <td>${scoreText(imageIoU)}</td>
        <td>${scoreText(foldIoU)}</td>
        <td>
          <vscode-toolbar-button
            icon="target"
            label=${isAlone ? text('All classes') : text('Only {0}', name)}
            title=${isAlone ? text('All classes') : text('Only {0}', name)}
            @click=${() => {
              this.onOnly(name, isAlone)
            }}
          ></vscode-toolbar-button>
        </td>
      </tr>
    `
  }

  private readonly onAll = (event: Event): void => {
    const { checked } = event.target as VscodeCheckbox
    this.hide(checked ? [] : this.rows.map(({ name }) => name))
  }

  private onClass(name: string, event: Event): void {
    const { checked } = event.target as VscodeCheckbox
    const hidden = this.rows.filter((row) => (row.name === name ? !checked : !row.isShown))
    this.hide(hidden.map((row) => row.name))
  }

  private onOnly(name: string, isAlone: boolean): void {
    this.hide(isAlone ? [] : this.rows.filter((row) => row.name !== name).map((row) => row.name))
  }

  private hide(names: readonly string[]): void {
    act(this, { type: 'hide-classes', names })
  }
}
