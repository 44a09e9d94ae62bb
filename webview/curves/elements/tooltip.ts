import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { text } from '../../shared/texts.ts'
import type { Stroke } from '../plot/palette.ts'
import { PageElement } from './element.ts'
import { swatch } from './swatch.ts'

/** What stands beside the crosshair. */
export interface TooltipFacts {
  readonly name: string
  readonly stroke: Stroke
  readonly place: string
  readonly readings: readonly (readonly [name: string, value: string])[]
  readonly conditions: readonly string[]
  /** In CSS pixels of the window. */
  readonly left: number
  readonly top: number
}

const distancePixels = 14

/** Values and conditions of the run at the crosshair. Screen readers are told in words: see the announcements. */
@customElement('foldwise-curve-tooltip')
export class CurveTooltip extends PageElement {
  @property({ attribute: false }) facts: TooltipFacts | undefined

  protected override render(): TemplateResult | typeof nothing {
    const { facts } = this
    if (facts === undefined) return nothing
    return html`
      <div class="tooltip" aria-hidden="true">
        <p class="run">${swatch(facts.stroke)}<strong>${facts.name}</strong></p>
        <p class="place">${facts.place}</p>
        <dl>
          ${facts.readings.map(
            ([name, value]) =>
              html`<dt>${name}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>
        ${
          facts.conditions.length === 0
            ? nothing
            : html`<p class="heading">${text('Conditions')}</p>
                <ul>
                  ${facts.conditions.map((words) => html`<li>${words}</li>`)}
                </ul>`
        }
      </div>
    `
  }

  protected override updated(changes: PropertyValues<this>): void {
    super.updated(changes)
    const box = this.querySelector<HTMLElement>('.tooltip')
    if (box === null || this.facts === undefined) return
    const { left, top } = this.facts
    const { offsetWidth: width, offsetHeight: height } = box
    const x = left + distancePixels + width > window.innerWidth ? left - distancePixels - width : left + distancePixels
    const y = Math.min(top + distancePixels, window.innerHeight - height - 4)
    // Through the object model: the policy of the page forbids styles in attributes.
    box.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`
  }
}
