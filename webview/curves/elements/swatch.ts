import { html, type TemplateResult } from 'lit'
import { markerPath } from '../plot/markerShapes.ts'
import type { Stroke } from '../plot/palette.ts'

/** A piece of a run's line, as its chart draws it. */
export function swatch({ color, dashes, marker }: Stroke): TemplateResult {
  return html`<svg class="swatch" width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">
    <path
      d="M0 6H26"
      stroke=${color}
      stroke-width="2"
      stroke-dasharray=${dashes.join(' ') || 'none'}
      fill="none"
    ></path>
    <path d=${markerPath(marker, 13, 6, 3.5)} fill=${color}></path>
  </svg>`
}
