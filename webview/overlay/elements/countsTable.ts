import { LitElement, css, html, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { text } from '../../shared/texts.ts'
import type { ClassRow } from '../model/classRows.ts'
import { countText, scoreText } from './format.ts'
import { sharedStyles, tableStyles } from './styles.ts'

/** The errors of the shown image as numbers: what the pictures say, for those who do not see them. */
@customElement('foldwise-counts-table')
export class CountsTable extends LitElement {
  static override styles = [
    sharedStyles,
    tableStyles,
    css`
      summary {
        padding: 4px 8px;
        cursor: pointer;
        font-size: 11px;
        font-weight: 600;
        text-transform: uppercase;
      }
      summary:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
    `,
  ]

  @property({ attribute: false }) rows: readonly ClassRow[] = []
  @property() image = ''

  protected override render(): TemplateResult {
    return html`
      <details>
        <summary>${text('Pixels per class')}</summary>
        <table>
          <caption>
            ${text('{0}: pixels as they were counted in validation', this.image)}
          </caption>
          <thead>
            <tr>
              <th scope="col">${text('Class')}</th>
              <th scope="col" title=${text('True positives: predicted where it is')}>TP</th>
              <th scope="col" title=${text('False positives: predicted where it is not')}>FP</th>
              <th scope="col" title=${text('False negatives: not predicted where it is')}>FN</th>
              <th scope="col">IoU</th>
            </tr>
          </thead>
          <tbody>
            ${this.rows.map(
              ({ name, tp, fp, fn, imageIoU }) => html`
                <tr>
                  <th scope="row">${name}</th>
                  <td>${countText(tp)}</td>
                  <td>${countText(fp)}</td>
                  <td>${countText(fn)}</td>
                  <td>${scoreText(imageIoU)}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </details>
    `
  }
}
