import { LitElement, css, html, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'

export interface Segment<Value extends string> {
  readonly value: Value
  readonly label: string
  /** Shown beside the label while it is pointed at, e.g. its key. */
  readonly hint?: string
}

/** One of a few choices, all in sight: a group of radio buttons that looks like one control. */
export function segments<Value extends string>(
  label: string,
  choices: readonly Segment<Value>[],
  chosen: Value,
  onChoose: (value: Value) => void,
): TemplateResult {
  return html`
    <foldwise-segments
      .label=${label}
      .choices=${choices}
      .chosen=${chosen}
      @choose=${({ detail }: CustomEvent<Value>) => {
        onChoose(detail)
      }}
    ></foldwise-segments>
  `
}

@customElement('foldwise-segments')
export class SegmentsElement extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      min-width: 0;
      border: 1px solid var(--vscode-settings-dropdownBorder, var(--vscode-contrastBorder, transparent));
      border-radius: 3px;
    }
    label {
      position: relative;
      display: inline-flex;
    }
    input {
      position: absolute;
      inset: 0;
      margin: 0;
      opacity: 0;
      cursor: pointer;
    }
    span {
      padding: 3px 9px;
      border-radius: 2px;
      white-space: nowrap;
    }
    label:hover span {
      background: var(--vscode-toolbar-hoverBackground);
      outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
      outline-offset: -1px;
    }
    input:checked + span {
      background: var(--vscode-inputOption-activeBackground);
      color: var(--vscode-inputOption-activeForeground);
      outline: 1px solid var(--vscode-contrastActiveBorder, var(--vscode-inputOption-activeBorder, transparent));
      outline-offset: -1px;
    }
    input:focus-visible + span {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: 1px;
    }
  `

  @property({ attribute: false }) label = ''
  @property({ attribute: false }) choices: readonly Segment<string>[] = []
  @property({ attribute: false }) chosen = ''

  protected override render(): TemplateResult {
    return html`
      <div role="radiogroup" aria-label=${this.label}>
        ${this.choices.map(
          ({ value, label, hint }) => html`
            <label title=${hint === undefined ? label : `${label} (${hint})`}>
              <input
                type="radio"
                name="segments"
                .checked=${value === this.chosen}
                @change=${() => {
                  this.dispatchEvent(new CustomEvent('choose', { detail: value }))
                }}
              />
              <span>${label}</span>
            </label>
          `,
        )}
      </div>
    `
  }
}
