import '@vscode-elements/elements/dist/vscode-button/index.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { segments } from '../../shared/segments.ts'
import { text } from '../../shared/texts.ts'
import type { RunCurve } from '../model/runCurve.ts'
import type { Settings } from '../model/settings.ts'
import { rowsPerPage, tablePage, type TableColumn, type TablePage } from '../model/tableRows.ts'
import { act } from './actionEvent.ts'
import { PageElement } from './element.ts'
import { scoreNameText } from './words.ts'

/** The numbers behind the charts. */
@customElement('foldwise-curves-table')
export class CurvesTable extends PageElement {
  @property({ attribute: false }) curves: readonly RunCurve[] = []
  @property({ attribute: false }) settings!: Settings
  @state() private page = 0

  protected override render(): TemplateResult {
    const page = tablePage(this.curves, this.settings, this.page)
    return html`
      <div class="table-controls">
        ${segments(
          text('One row per'),
          [
            { value: 'epochs', label: text('Epochs') },
            { value: 'steps', label: text('Steps') },
          ],
          this.settings.tableRows,
          (rows) => {
            this.page = 0
            act(this, { type: 'table-rows', rows })
          },
        )}
        ${this.pager(page)}
      </div>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${text('Values of the curves')}>
        ${page.count === 0 ? html`<p class="plot-note">${text('Nothing has been measured yet.')}</p>` : this.table(page)}
      </div>
    `
  }

  private table({ columns, rows }: TablePage): TemplateResult {
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">${text('Run')}</th>
            ${columns.map((column) => html`<th scope="col">${columnText(column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ run, cells }) => html`
              <tr>
                <th scope="row">${run}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    `
  }

  private pager({ first, rows, count }: TablePage): TemplateResult | typeof nothing {
    if (count <= rowsPerPage) return nothing
    const current = Math.floor(first / rowsPerPage)
    const last = Math.ceil(count / rowsPerPage) - 1
    const button = (icon: string, label: string, page: number): TemplateResult => html`
      <vscode-button
        secondary
        icon-only
        icon=${icon}
        aria-label=${label}
        title=${label}
        ?disabled=${page < 0 || page > last || page === current}
        @click=${() => {
          this.page = page
        }}
      ></vscode-button>
    `
    return html`
      <span class="group pager">
        ${button('chevron-left', text('Earlier rows'), current - 1)}
        <span>${text('{0} to {1} of {2}', first + 1, first + rows.length, count)}</span>
        ${button('chevron-right', text('Later rows'), current + 1)} ${button('fold-down', text('Last rows'), last)}
      </span>
    `
  }
}

function columnText(column: TableColumn): string {
  if (column.kind === 'class') return text('IoU of {0}', column.name)
  const { name } = column
  switch (name) {
    case 'step':
      return text('Step')
    case 'epoch':
      return text('Epoch')
    case 'seconds':
      return text('Time')
    case 'loss':
    case 'trainLoss':
      return text('Training loss')
    case 'smoothedLoss':
      return text('Smoothed')
    case 'lr':
      return text('Learning rate')
    case 'gradNorm':
      return text('Gradient norm')
    case 'validLoss':
      return text('Validation loss')
    case 'mIoU':
    case 'dice':
    case 'pixelAccuracy':
      return scoreNameText(name)
    default:
      return name satisfies never
  }
}
