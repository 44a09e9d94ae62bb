import { svg, html, type TemplateResult } from 'lit'
import { errorColors } from '../model/colors.ts'
import type { ErrorKind } from '../model/errorKinds.ts'
import { hatchings, tileSide } from '../picture/hatching.ts'

const side = 12

/** A small square in a class's colour. The colour is an attribute of the drawing: the page allows no styles in its text. */
export function swatch(color: string | undefined): TemplateResult {
  return html`<svg class="swatch" width=${side} height=${side} aria-hidden="true">
    <rect
      x="0.5"
      y="0.5"
      width=${side - 1}
      height=${side - 1}
      rx="2"
      fill=${color ?? 'none'}
      stroke="currentColor"
      stroke-opacity="0.5"
    ></rect>
  </svg>`
}

/** A small square as a kind of errors is drawn. */
export function errorSwatch(kind: ErrorKind, isHatched: boolean): TemplateResult {
  const lines = isHatched ? (hatchings[kind] ?? []) : []
  const scale = side / tileSide
  return html`<svg class="swatch" width=${side} height=${side} aria-hidden="true">
    <rect
      x="0.5"
      y="0.5"
      width=${side - 1}
      height=${side - 1}
      rx="2"
      fill=${errorColors[kind]}
      stroke="currentColor"
      stroke-opacity="0.5"
    ></rect>
    ${lines.map(([x1, y1, x2, y2]) => svg`<line x1=${x1 * scale} y1=${y1 * scale} x2=${x2 * scale} y2=${y2 * scale} stroke="#000" stroke-width="2"></line>`)}
  </svg>`
}
