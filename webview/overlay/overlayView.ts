import '@vscode-elements/elements/dist/vscode-button/index.js'
import '@vscode-elements/elements/dist/vscode-icon/index.js'
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js'
import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, query, queryAll } from 'lit/decorators.js'
import type { EmptyOverlay, OverlayRun, ScoredImage } from '../../src/protocol/overlayMessages.ts'
import { text } from '../shared/texts.ts'
import { act, listenToActions } from './elements/actionEvent.ts'
import './elements/classTable.ts'
import './elements/countsTable.ts'
import { errorKindName, errorKindText, missingText, paneDescription, paneTitle } from './elements/describe.ts'
import { emptyText } from './elements/emptyTexts.ts'
import { scoreText } from './elements/format.ts'
import './elements/help.ts'
import type { OverlayHelp } from './elements/help.ts'
import './elements/imageList.ts'
import type { ImageList, ListedImage } from './elements/imageList.ts'
import './elements/pane.ts'
import type { Pane } from './elements/pane.ts'
import './elements/readout.ts'
import type { Readout } from './elements/readout.ts'
import { sharedStyles } from './elements/styles.ts'
import { errorSwatch } from './elements/swatch.ts'
import './elements/toolbar.ts'
import type { ToolbarFacts } from './elements/toolbar.ts'
import { isOwnKey } from './keyOwner.ts'
import type { Action } from './model/actions.ts'
import { classRows, type ClassRow } from './model/classRows.ts'
import { possibleKinds } from './model/errorKinds.ts'
import { shownScore } from './model/imageOrder.ts'
import { actionOfKey } from './model/keys.ts'
import { paneNames, type PaneName } from './model/viewState.ts'
import { placementOf, type Frame, type Point } from './model/zoom.ts'
import { OverlaySession } from './overlaySession.ts'
import { overlayStyles } from './overlayStyles.ts'
import type { LayerStyle } from './picture/paneLayers.ts'
import { isHighContrast, onThemeChange } from '../shared/surroundings.ts'

/** Of an image without a mask. */
const panesWithoutTruth: readonly PaneName[] = ['image', 'prediction']

/** A run's predictions over its validation images. */
@customElement('foldwise-overlay')
export class OverlayView extends LitElement {
  static override styles = [sharedStyles, overlayStyles]

  @query('foldwise-image-list') private readonly imageList!: ImageList | null
  @query('foldwise-overlay-help') private readonly help!: OverlayHelp
  @query('foldwise-readout') private readonly readout!: Readout | null
  @queryAll('foldwise-pane') private readonly panes!: NodeListOf<Pane>
  private readonly session = new OverlaySession(
    () => {
      this.requestUpdate()
    },
    () => this.frame,
  )
  private layerStyle: LayerStyle | undefined
  private listed: { readonly of: readonly ScoredImage[]; readonly images: readonly ListedImage[] } | undefined

  constructor() {
    super()
    listenToActions(this, (action) => {
      this.perform(action)
    })
    this.addEventListener('foldwise-resize', () => {
      this.requestUpdate()
    })
    this.addEventListener('foldwise-mark', (event) => {
      // An event without a detail has null.
      this.mark((event as CustomEvent<Point | null>).detail ?? undefined)
    })
    onThemeChange(() => {
      this.requestUpdate()
    })
    window.addEventListener('keydown', (event) => {
      this.onKey(event)
    })
    window.addEventListener('keyup', ({ key }) => {
      if (key === ' ') this.perform({ type: 'peek', isOn: false })
    })
    // A key that is let go in another window is never let go here.
    window.addEventListener('blur', () => {
      this.perform({ type: 'peek', isOn: false })
    })
  }

  protected override render(): TemplateResult {
    const { session } = this
    const { run, image, subject, empty } = session
    if (empty !== undefined || run === undefined || image === undefined)
      return this.emptyPage(empty ?? { reason: 'no-scores' }, subject?.run ?? '')
    const rows = classRows(session.classes, image, run.fold, session.view.hiddenClasses)
    return html`
      <header>
        <foldwise-overlay-toolbar .facts=${this.facts(run, image)} .view=${session.view}></foldwise-overlay-toolbar>
      </header>
      ${this.progress()} ${this.noteBar()}
      <div class="body">
        ${session.failure === undefined ? this.pictures(run, image, rows) : this.failurePage()}
        <aside>
          <section class="classes">
            <foldwise-class-table .rows=${rows}></foldwise-class-table>
            <foldwise-counts-table .rows=${rows} .image=${image.name}></foldwise-counts-table>
          </section>
          <h2>${text('Images')}</h2>
          <foldwise-image-list .images=${this.listedImages(run)} .selected=${image.name}></foldwise-image-list>
        </aside>
      </div>
      <footer><foldwise-readout .picture=${session.shownPicture}></foldwise-readout></footer>
      <div class="hidden-text" role="status">${this.announcement(image)}</div>
      <foldwise-overlay-help></foldwise-overlay-help>
    `
  }

  private pictures(run: OverlayRun, image: ScoredImage, rows: readonly ClassRow[]): TemplateResult {
    const { view, isLoading, picture } = this.session
    const all = picture?.isMaskMissing === true ? panesWithoutTruth : paneNames
    const shown = view.panes === 'all' ? all : [view.panes]
    const style = this.currentStyle(rows)
    return html`
      <main class="panes" data-count=${shown.length} aria-busy=${isLoading ? 'true' : 'false'}>
        ${shown.map((name) => this.pane(name, run, image, rows, style))}
      </main>
    `
  }

  private pane(
    name: PaneName,
    run: OverlayRun,
    image: ScoredImage,
    rows: readonly ClassRow[],
    style: LayerStyle,
  ): TemplateResult {
    const { picture, predictor, view, baseline } = this.session
    const isMissing = picture !== undefined && !hasLayers(picture.maps, name)
    const isBaselines = predictor === 'baseline' && (name === 'prediction' || name === 'errors')
    const baselineRun = baseline?.state === 'predicted' ? baseline.run : ''
    return html`
      <foldwise-pane
        ?data-baseline=${isBaselines}
        .name=${name}
        .heading=${paneTitle(name, predictor)}
        .description=${paneDescription(name, predictor, image, rows)}
        .missing=${isMissing ? missingText(name, run.isTraining) : ''}
        .picture=${picture}
        .layerStyle=${style}
        .zoom=${view.zoom}
      >
        ${isBaselines && name === 'prediction' ? html`<span class="baseline-run">${baselineRun}</span>` : nothing}
        ${name === 'errors' && !isMissing ? this.legend(style) : nothing}
      </foldwise-pane>
    `
  }

  private legend({ shown, isHatched }: LayerStyle): TemplateResult {
    const kinds = possibleKinds(shown, this.session.picture?.hasIgnored ?? false)
    return html`${kinds.map(
      (kind) =>
        html`<span class="legend" title=${errorKindText(kind)}
          >${errorSwatch(kind, isHatched)}${errorKindName(kind)}</span
        >`,
    )}`
  }

  private progress(): TemplateResult {
    const { isLoading } = this.session
    return html`<div class="progress">
      ${isLoading ? html`<vscode-progress-bar aria-label=${text('Loading…')}></vscode-progress-bar>` : nothing}
    </div>`
  }

  private noteBar(): TemplateResult | typeof nothing {
    const { note } = this.session
    return note === '' ? nothing : html`<p class="note"><vscode-icon name="warning"></vscode-icon>${note}</p>`
  }

  private failurePage(): TemplateResult {
    const { message = '', hint = '' } = this.session.failure ?? {}
    return html`
      <main class="message" role="alert">
        <p>${message}</p>
        <p class="hint">${hint}</p>
        <vscode-button
          @click=${() => {
            act(this, { type: 'retry' })
          }}
          >${text('Try Again')}</vscode-button
        >
      </main>
    `
  }

  private emptyPage(empty: EmptyOverlay, run: string): TemplateResult {
    const { message, hint } = emptyText(empty, run)
    return html`
      <main class="message" role="status">
        <p>${message}</p>
        <p class="hint">${hint}</p>
        ${
          empty.reason === 'loading'
            ? nothing
            : html`<vscode-button
                @click=${() => {
                  act(this, { type: 'choose-run' })
                }}
                >${text('Choose a Run…')}</vscode-button
              >`
        }
      </main>
      <foldwise-overlay-help></foldwise-overlay-help>
    `
  }

  private facts(run: OverlayRun, image: ScoredImage): ToolbarFacts {
    const { session } = this
    const { ordered, view, shownPicture: picture } = session
    const frame = picture && this.frame
    return {
      run: session.subject?.run ?? '',
      epoch: run.epoch,
      foldScore: run.fold.score,
      image: image.name,
      score: image.score,
      size: picture === undefined ? '' : `${picture.width} × ${picture.height}`,
      position: ordered.findIndex(({ name }) => name === image.name) + 1,
      count: ordered.length,
      classNames: run.classes.map(({ name }) => name),
      scale: frame === undefined ? undefined : placementOf(view.zoom, frame).scale,
      isBlinking: session.blink.isOn,
      noBaseline: session.noBaseline,
    }
  }

  /** The same object while nothing of it changes: panes are drawn again for another one only. */
  private currentStyle(rows: readonly ClassRow[]): LayerStyle {
    const { view, predictor } = this.session
    const style: LayerStyle = {
      opacity: view.opacity,
      shown: rows.map(({ isShown }) => isShown),
      predictor,
      isHatched: isHighContrast(),
    }
    if (JSON.stringify(style) !== JSON.stringify(this.layerStyle)) this.layerStyle = style
    return this.layerStyle ?? style
  }

  /** The same list while nothing of it changes: it may be long. */
  private listedImages(run: OverlayRun): readonly ListedImage[] {
    const { ordered, view } = this.session
    if (this.listed?.of === ordered) return this.listed.images
    const images = ordered.map((each) => ({ name: each.name, score: shownScore(each, view.order, run.classes) }))
    this.listed = { of: ordered, images }
    return images
  }

  private announcement({ name, score }: ScoredImage): string {
    const { ordered } = this.session
    const position = ordered.findIndex((each) => each.name === name) + 1
    return text('{0}, {1} of {2}, mIoU {3}', name, position, ordered.length, scoreText(score))
  }

  private get frame(): Frame | undefined {
    return this.renderRoot instanceof ShadowRoot
      ? [...this.panes].find(({ frame }) => frame !== undefined)?.frame
      : undefined
  }

  private perform(action: Action): void {
    if (action.type === 'search') this.imageList?.focusSearch()
    else if (action.type === 'help') this.help.toggle()
    else this.session.perform(action)
  }

  /** Told to the elements directly: nothing else depends on where the pointer is. */
  private mark(pixel: Point | undefined): void {
    for (const pane of this.panes) pane.marked = pixel
    if (this.readout !== null) this.readout.pixel = pixel
  }

  private onKey(event: KeyboardEvent): void {
    const path = event.composedPath()
    if (event.defaultPrevented || isOwnKey(path, event.key)) return
    const isInPane = path.some((element) => element instanceof HTMLElement && element.tagName === 'FOLDWISE-PANE')
    const action = actionOfKey(event, isInPane && this.session.view.zoom !== 'fit')
    if (action === undefined) return
    event.preventDefault()
    this.perform(action)
  }
}

function hasLayers({ truth, own }: { readonly truth: unknown; readonly own: unknown }, pane: PaneName): boolean {
  const needs = { image: [], truth: [truth], prediction: [own], errors: [truth, own] }[pane]
  return needs.every((each) => each !== undefined)
}
