import { LitElement, css, html, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { text } from '../../shared/texts.ts'
import { labelAt, type LabelMap } from '../model/pixelLabels.ts'
import type { Point } from '../model/zoom.ts'
import type { Picture } from '../picture/picture.ts'
import { sharedStyles } from './styles.ts'

/** What the pixel under the pointer is, and what it was taken for. */
@customElement('foldwise-readout')
export class Readout extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 0 16px;
        min-height: 22px;
        padding: 2px 12px;
        align-items: center;
        border-top: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
        color: var(--vscode-descriptionForeground);
        font-variant-numeric: tabular-nums;
      }
      .wrong {
        color: var(--vscode-errorForeground);
      }
    `,
  ]

  @property({ attribute: false }) picture: Picture | undefined
  @property({ attribute: false }) pixel: Point | undefined

  protected override render(): TemplateResult {
    const { picture, pixel } = this
    if (picture === undefined || pixel === undefined || pixel.x >= picture.width || pixel.y >= picture.height)
      return html`<span
        >${text('Point at a pixel to read its classes. Wheel: zoom, drag: move, double click: fit.')}</span
      >`
    const { truth, own, baseline } = picture.maps
    const names = { truth: this.name(truth), own: this.name(own), baseline: this.name(baseline) }
    const isWrong = truth !== undefined && own !== undefined && names.truth !== names.own
    return html`
      <span>x ${pixel.x}, y ${pixel.y}</span>
      <span class=${isWrong ? 'wrong' : ''}>${names.truth} → ${names.own}</span>
      ${baseline === undefined ? '' : html`<span>${text('baseline: {0}', names.baseline)}</span>`}
    `
  }

  private name(map: LabelMap | undefined): string {
    const { picture, pixel } = this
    if (map === undefined || picture === undefined || pixel === undefined) return '–'
    const label = labelAt(map, pixel, picture.classes.length)
    if (label === 'ignored') return text('ignored')
    return label === 'unknown' ? text('no class') : picture.classes[label.class].name
  }
}
