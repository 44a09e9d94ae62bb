import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { PaneName } from '../model/viewState.ts'
import { pixelAt, placementOf, type Frame, type Point, type Size, type Zoom } from '../model/zoom.ts'
import { drawPane } from '../picture/drawPane.ts'
import { paneLayers, type LayerStyle } from '../picture/paneLayers.ts'
import type { Picture } from '../picture/picture.ts'
import { PaneGestures } from './paneGestures.ts'
import { sharedStyles } from './styles.ts'

const markerSide = 11

/** One picture among the four, as much of it as the others show. Its legend stands beside its heading. */
@customElement('foldwise-pane')
export class Pane extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
        border-radius: 3px;
        overflow: hidden;
      }
      header {
        display: flex;
        align-items: center;
        gap: 10px;
        /* Always as high, so that all pictures stay equally large. */
        height: 24px;
        padding: 0 8px;
        overflow: hidden;
        white-space: nowrap;
        background: var(--vscode-sideBarSectionHeader-background, transparent);
        border-bottom: 1px solid var(--vscode-contrastBorder, transparent);
      }
      .stage {
        position: relative;
        flex: 1;
        min-height: 0;
        overflow: hidden;
        touch-action: none;
        cursor: crosshair;
      }
      canvas {
        display: block;
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        outline-offset: -2px;
      }
      canvas:focus-visible {
        outline: 2px solid var(--vscode-focusBorder);
      }
      .marker {
        position: absolute;
        left: 0;
        top: 0;
        width: ${markerSide}px;
        height: ${markerSide}px;
        border: 1px solid #fff;
        border-radius: 50%;
        outline: 1px solid #000;
        pointer-events: none;
      }
      .missing {
        position: absolute;
        inset: 0;
        display: flex;
        align-items: center;
        justify-content: center;
        margin: 0;
        padding: 16px;
        text-align: center;
        color: var(--vscode-descriptionForeground);
      }
    `,
  ]

  @property({ attribute: false }) name: PaneName = 'image'
  @property() heading = ''
  /** What a screen reader says in the picture's place. */
  @property() description = ''
  /** Why there is nothing to see, where that is so. */
  @property() missing = ''
  @property({ attribute: false }) picture: Picture | undefined
  @property({ attribute: false }) layerStyle: LayerStyle | undefined
  @property({ attribute: false }) zoom: Zoom = 'fit'
  /** Pixel of the picture under the pointer, in whichever pane that is. */
  @property({ attribute: false }) marked: Point | undefined
  @state() private size: Size | undefined
  @query('.stage') private readonly stage!: HTMLElement
  @query('canvas') private readonly canvas!: HTMLCanvasElement
  @query('.marker') private readonly marker!: HTMLElement | null
  private frameRequest: number | undefined
  private readonly resizing = new ResizeObserver(() => {
    this.measure()
  })

  /** The pane and the picture in it; undefined until both are there. */
  get frame(): Frame | undefined {
    const { size: pane, picture } = this
    return pane === undefined || picture === undefined ? undefined : { pane, picture }
  }

  protected override render(): TemplateResult {
    return html`
      <header>
        <h2>${this.heading}</h2>
        <slot></slot>
      </header>
      <div class="stage" @pointermove=${this.onPointer} @pointerleave=${this.onLeave}>
        <canvas role="img" tabindex="0" aria-label=${this.description}></canvas>
        ${this.marked === undefined ? nothing : html`<div class="marker"></div>`}
        ${this.missing === '' ? nothing : html`<p class="missing">${this.missing}</p>`}
      </div>
    `
  }

  protected override firstUpdated(): void {
    new PaneGestures(this.stage)
    this.resizing.observe(this.stage)
    this.measure()
  }

  protected override updated(changes: PropertyValues<this>): void {
    this.placeMarker()
    const isMarkerAlone = changes.size === 1 && changes.has('marked')
    if (!isMarkerAlone) this.drawSoon()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.resizing.disconnect()
    if (this.frameRequest !== undefined) cancelAnimationFrame(this.frameRequest)
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.stage
    if (width === 0 || height === 0 || (width === this.size?.width && height === this.size.height)) return
    this.size = { width, height }
    this.dispatchEvent(new Event('foldwise-resize', { bubbles: true, composed: true }))
  }

  /** Once a frame, however many changes come. */
  private drawSoon(): void {
    this.frameRequest ??= requestAnimationFrame(() => {
      this.frameRequest = undefined
      this.draw()
    })
  }

  private draw(): void {
    const { frame, picture, layerStyle, canvas } = this
    if (frame === undefined || picture === undefined || layerStyle === undefined) return
    const layers = paneLayers(picture, this.name, layerStyle) ?? []
    drawPane(canvas, frame.pane, window.devicePixelRatio, picture, placementOf(this.zoom, frame), layers)
  }

  private placeMarker(): void {
    const { frame, marked, marker } = this
    if (frame === undefined || marked === undefined || marker === null) return
    const { scale, left, top } = placementOf(this.zoom, frame)
    const at = (corner: number, pixel: number): number => corner + (pixel + 0.5) * scale - markerSide / 2
    marker.style.transform = `translate(${at(left, marked.x)}px, ${at(top, marked.y)}px)`
  }

  private readonly onPointer = ({ clientX, clientY }: PointerEvent): void => {
    const { frame } = this
    if (frame === undefined) return
    const corner = this.stage.getBoundingClientRect()
    const point = { x: clientX - corner.left, y: clientY - corner.top }
    this.mark(pixelAt(point, placementOf(this.zoom, frame), frame.picture))
  }

  private readonly onLeave = (): void => {
    this.mark(undefined)
  }

  private mark(pixel: Point | undefined): void {
    this.dispatchEvent(new CustomEvent('foldwise-mark', { detail: pixel, bubbles: true, composed: true }))
  }
}
