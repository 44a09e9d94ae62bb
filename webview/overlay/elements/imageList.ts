import '@vscode-elements/elements/dist/vscode-icon/index.js'
import '@vscode-elements/elements/dist/vscode-textfield/index.js'
import type { VscodeTextfield } from '@vscode-elements/elements/dist/vscode-textfield/index.js'
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { text } from '../../shared/texts.ts'
import { act } from './actionEvent.ts'
import { scoreText } from './format.ts'
import { sharedStyles } from './styles.ts'

/** An image in the list. */
export interface ListedImage {
  readonly name: string
  readonly score: number | null
}

const rowHeight = 22
/** Rows beyond both edges, so that scrolling shows no gaps. */
const spareRows = 10

/** The images in their order, with their scores; only the rows in sight are in the page, ten thousand cost no more. */
@customElement('foldwise-image-list')
export class ImageList extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      vscode-textfield {
        width: auto;
        margin: 0 8px 6px;
      }
      .list {
        position: relative;
        flex: 1;
        min-height: ${4 * rowHeight}px;
        overflow-y: auto;
        outline: none;
      }
      .list:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .row {
        position: absolute;
        left: 0;
        right: 0;
        display: flex;
        gap: 8px;
        align-items: center;
        height: ${rowHeight}px;
        padding: 0 8px;
        cursor: pointer;
      }
      .name {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .score {
        font-variant-numeric: tabular-nums;
      }
      .row:hover {
        background: var(--vscode-list-hoverBackground);
        color: var(--vscode-list-hoverForeground);
        outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      .row[aria-selected='true'] {
        background: var(--vscode-list-inactiveSelectionBackground);
        color: var(--vscode-list-inactiveSelectionForeground, inherit);
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      .list:focus .row[aria-selected='true'] {
        background: var(--vscode-list-activeSelectionBackground);
        color: var(--vscode-list-activeSelectionForeground);
      }
      .none {
        margin: 0;
        padding: 4px 8px;
        color: var(--vscode-descriptionForeground);
      }
    `,
  ]

  @property({ attribute: false }) images: readonly ListedImage[] = []
  @property() selected = ''
  @state() private pattern = ''
  @state() private scrolled = { top: 0, height: 400 }
  @query('.list') private readonly list!: HTMLElement
  @query('vscode-textfield') private readonly field!: VscodeTextfield
  private found: readonly ListedImage[] = []
  private readonly resizing = new ResizeObserver(() => {
    this.onScroll()
  })

  focusSearch(): void {
    this.field.focus()
  }

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (changes.has('images') || (changes as Map<string, unknown>).has('pattern')) {
      const words = this.pattern.toLocaleLowerCase().split(/\s+/)
      this.found = this.images.filter(({ name }) => words.every((word) => name.toLocaleLowerCase().includes(word)))
    }
  }

  protected override render(): TemplateResult {
    const { top, height } = this.scrolled
    const first = Math.max(0, Math.floor(top / rowHeight) - spareRows)
    const rows = this.found.slice(first, Math.ceil((top + height) / rowHeight) + spareRows)
    const position = this.selectedPosition
    // The selected row is in the page even out of sight: a screen reader speaks it.
    const isSelectedOutside = position >= 0 && (position < first || position >= first + rows.length)
    return html`
      <vscode-textfield
        type="search"
        label=${text('Search images')}
        placeholder=${text('Search images')}
        .value=${this.pattern}
        @input=${this.onSearch}
        @keydown=${this.onSearchKey}
      >
        <vscode-icon slot="content-before" name="search"></vscode-icon>
      </vscode-textfield>
      <div
        class="list"
        role="listbox"
        tabindex="0"
        aria-label=${text('Images')}
        aria-activedescendant=${position < 0 ? nothing : `row-${position}`}
        @scroll=${this.onScroll}
        @keydown=${this.onKey}
      >
        <div role="presentation" .style=${`height: ${this.found.length * rowHeight}px`}></div>
        ${rows.map((image, index) => this.row(image, first + index))}
        ${isSelectedOutside ? this.row(this.found[position], position) : nothing}
      </div>
      ${this.found.length === 0 ? html`<p class="none">${text('No image has such a name.')}</p>` : nothing}
    `
  }

  private row({ name, score }: ListedImage, position: number): TemplateResult {
    return html`
      <div
        class="row"
        id="row-${position}"
        role="option"
        aria-selected=${name === this.selected ? 'true' : 'false'}
        aria-setsize=${this.found.length}
        aria-posinset=${position + 1}
        title=${name}
        .style=${`top: ${position * rowHeight}px`}
        @click=${() => {
          act(this, { type: 'show-image', image: name })
        }}
      >
        <span class="name">${name}</span>
        <span class="score">${scoreText(score)}</span>
      </div>
    `
  }

  protected override firstUpdated(): void {
    this.resizing.observe(this.list)
  }

  protected override updated(changes: PropertyValues<this>): void {
    if (changes.has('selected') || changes.has('images')) this.reveal()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.resizing.disconnect()
  }

  private get selectedPosition(): number {
    return this.found.findIndex(({ name }) => name === this.selected)
  }

  private reveal(): void {
    const position = this.selectedPosition
    if (position < 0) return
    const { scrollTop, clientHeight } = this.list
    const top = position * rowHeight
    if (top < scrollTop) this.list.scrollTop = top
    else if (top + rowHeight > scrollTop + clientHeight) this.list.scrollTop = top + rowHeight - clientHeight
  }

  private readonly onScroll = (): void => {
    const { scrollTop: top, clientHeight: height } = this.list
    if (top !== this.scrolled.top || height !== this.scrolled.height) this.scrolled = { top, height }
  }

  private readonly onSearch = (): void => {
    this.pattern = this.field.value
  }

  /** Enter shows the first image found, Escape clears the search. */
  private readonly onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && this.found.length > 0) act(this, { type: 'show-image', image: this.found[0].name })
    else if (event.key === 'ArrowDown') this.list.focus()
    else if (event.key === 'Escape') this.pattern = ''
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const position = this.selectedPosition
    const wanted = { ArrowDown: position + 1, ArrowUp: position - 1, Home: 0, End: this.found.length - 1 }[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const image = wanted < 0 ? undefined : this.found.at(wanted)
    if (image !== undefined) act(this, { type: 'show-image', image: image.name })
  }
}
