import '@vscode-elements/elements/dist/vscode-button/index.js'
import { LitElement, css, html, type TemplateResult } from 'lit'
import { customElement, query } from 'lit/decorators.js'
import { text } from '../../shared/texts.ts'
import { sharedStyles, tableStyles } from './styles.ts'

/** The keys of the view. */
@customElement('foldwise-overlay-help')
export class OverlayHelp extends LitElement {
  static override styles = [
    sharedStyles,
    tableStyles,
    css`
      dialog {
        max-width: min(90vw, 460px);
        padding: 16px;
        border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent));
        border-radius: 6px;
        background: var(--vscode-editorWidget-background);
        color: var(--vscode-editorWidget-foreground, var(--vscode-foreground));
        box-shadow: 0 2px 12px var(--vscode-widget-shadow, transparent);
      }
      dialog::backdrop {
        background: transparent;
      }
      h2 {
        margin-bottom: 8px;
      }
      td {
        text-align: left;
        white-space: normal;
        padding: 3px 8px;
      }
      td:first-child {
        white-space: nowrap;
      }
      vscode-button {
        margin-top: 12px;
      }
    `,
  ]

  @query('dialog') private readonly dialog!: HTMLDialogElement

  readonly toggle = (): void => {
    if (this.dialog.open) this.dialog.close()
    else this.dialog.showModal()
  }

  protected override render(): TemplateResult {
    const keys = (...names: string[]): TemplateResult => html`${names.map((name) => html`<kbd>${name}</kbd> `)}`
    const rows: readonly (readonly [TemplateResult, string])[] = [
      [keys('N', 'PageDown', '→'), text('Next image')],
      [keys('P', 'PageUp', '←'), text('Previous image')],
      [keys('+', '−', '0'), text('Zoom in, zoom out, fit')],
      [keys('←', '↑', '→', '↓'), text('Move the picture, while a magnified one has the focus')],
      [keys('1', '2', '3', '4'), text('Image, truth, prediction or errors alone; again: all four')],
      [keys('G', 'Esc'), text('All four')],
      [keys('B'), text('Blink between this prediction and the baseline’s')],
      [keys(text('Space')), text('The baseline’s prediction while held down')],
      [keys('[', ']'), text('Less or more opaque classes')],
      [keys('A'), text('All classes')],
      [keys('/'), text('Search images')],
      [keys('?'), text('This help')],
    ]
    return html`
      <dialog aria-labelledby="title" @click=${this.onClick}>
        <h2 id="title">${text('Keyboard shortcuts')}</h2>
        <table>
          <tbody>
            ${rows.map(
              ([key, meaning]) =>
                html`<tr>
                  <td>${key}</td>
                  <td>${meaning}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        <vscode-button @click=${this.toggle}>${text('Close')}</vscode-button>
      </dialog>
    `
  }

  /** Beside the dialog. */
  private readonly onClick = (event: MouseEvent): void => {
    if (event.target === this.dialog && event.offsetX < 0) this.toggle()
  }
}
