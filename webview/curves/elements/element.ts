import { LitElement } from 'lit'

/**
 * An element without a shadow: uPlot's style sheet and ours reach into it, and ids that describe elements hold over the whole
 * page.
 */
export class PageElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this
  }
}
