import type {
  BaselinePrediction,
  EmptyOverlay,
  FromOverlay,
  OverlayClass,
  OverlayRun,
  OverlaySubject,
  ScoredImage,
  ToOverlay,
} from '../../src/protocol/overlayMessages.ts'
import { HostConnection } from '../shared/host.ts'
import { text } from '../shared/texts.ts'
import { Blink } from './blink.ts'
import type { Action } from './model/actions.ts'
import { neighbour, orderedImages } from './model/imageOrder.ts'
import { changed, recalledState, type ViewState } from './model/viewState.ts'
import type { Frame } from './model/zoom.ts'
import type { Picture, Predictor } from './picture/picture.ts'
import { PictureLoader } from './picture/pictureLoader.ts'

type Memory = OverlaySubject & ViewState

/** Why an image cannot be shown. */
interface Failure {
  readonly message: string
  readonly hint: string | undefined
}

/** What a person does that only the page can do. */
export type PageAction = Extract<Action, { type: 'search' | 'help' }>

/** How often the state is remembered while a picture is dragged. */
const rememberMilliseconds = 100

/** What the view knows and how it came to know it: the conversation with the host, and what a person did. */
export class OverlaySession {
  subject: OverlaySubject | undefined
  run: OverlayRun | undefined
  empty: EmptyOverlay | undefined = { reason: 'loading' }
  view: ViewState
  /** Of the image before, until the chosen one's is there. */
  picture: Picture | undefined
  note = ''
  failure: Failure | undefined
  baseline: BaselinePrediction | undefined
  isLoading = false
  /** The images in the chosen order. */
  ordered: readonly ScoredImage[] = []
  readonly blink: Blink
  private readonly connection = new HostConnection<ToOverlay, FromOverlay, Memory>()
  private readonly loader: PictureLoader
  private readonly onChange: () => void
  private readonly frame: () => Frame | undefined
  private remembering: number | undefined

  /** @param frame a pane and the picture in it, as they are now */
  constructor(onChange: () => void, frame: () => Frame | undefined) {
    this.onChange = onChange
    this.frame = frame
    this.view = recalledState(this.connection.recall())
    this.blink = new Blink(onChange)
    this.loader = new PictureLoader((picture) => {
      this.receivePicture(picture)
    })
    this.connection.listen((message) => {
      this.receive(message)
    })
    this.connection.send({ type: 'ready' })
  }

  /** The chosen image's scores. */
  get image(): ScoredImage | undefined {
    return this.run?.images.find(({ name }) => name === this.view.image)
  }

  /** None where the chosen image has none. */
  get shownPicture(): Picture | undefined {
    return this.failure === undefined ? this.picture : undefined
  }

  /** With the colours of the picture, as soon as there is one. */
  get classes(): readonly OverlayClass[] {
    const { picture, run } = this
    return picture?.classes ?? run?.classes ?? []
  }

  get predictor(): Predictor {
    return this.blink.showsBaseline && this.picture?.maps.baseline !== undefined ? 'baseline' : 'own'
  }

  perform(action: Exclude<Action, PageAction>): void {
    switch (action.type) {
      case 'step': {
        const image = neighbour(this.ordered, this.view.image, action.by)
        if (image !== undefined) this.choose(image)
        return
      }
      case 'show-image':
        if (action.image !== this.view.image) this.choose(action.image)
        return
      case 'toggle-blink':
        if (this.blink.isOn || this.noBaseline === '') this.blink.toggle()
        return
      case 'peek':
        this.blink.hold(action.isOn && this.noBaseline === '')
        return
      case 'retry':
        if (this.view.image !== undefined) this.choose(this.view.image)
        return
      case 'choose-run':
        this.connection.send({ type: 'choose-run' })
        return
      default:
        this.change(changed(this.view, action, this.frame()))
    }
  }

  /** Why there is nothing to blink with, in words; empty where there is. */
  get noBaseline(): string {
    const { baseline } = this
    switch (baseline?.state) {
      case undefined:
        return text('The baseline’s prediction is being fetched.')
      case 'predicted':
        return ''
      case 'is-baseline':
        return text('This run is the baseline’s own.')
      case 'not-predicted':
        return text('The baseline has no prediction of this image: train its fold first.')
      case 'other-classes':
        return text('{0} was trained on other classes.', baseline.run)
      case 'unreadable':
        return text('The prediction of {0} cannot be read. {1}', baseline.run, baseline.message)
      default:
        return baseline satisfies never
    }
  }

  private receive(message: ToOverlay): void {
    switch (message.type) {
      case 'run':
        this.receiveRun(message.subject, message.run)
        break
      case 'empty':
        this.subject = message.subject
        this.empty = message.empty
        this.run = undefined
        this.blink.stop()
        this.rememberSoon()
        break
      case 'layers': {
        if (message.layers.image !== this.view.image) return
        const { image, note = '', truth, isMaskMissing, prediction } = message.layers
        // While training goes on it is in order that there is no prediction; the pane says so.
        const isAboutMask = truth === null && !isMaskMissing
        const isExpected = this.run?.isTraining === true && prediction === null && !isAboutMask
        const noMask = isMaskMissing ? text('This image has no mask: it is shown without truth and errors.') : ''
        this.note = `${noMask} ${isExpected ? '' : note}`.trim()
        this.loader.receive(message.layers).catch((error: unknown) => {
          this.fail(image, text('The picture cannot be decoded: {0}', String(error)), undefined)
        })
        return
      }
      case 'baseline':
        if (message.image !== this.view.image) return
        this.baseline = message.baseline
        // A picture that cannot be decoded is told of where it is received.
        this.loader.receiveBaseline(message.image, message.baseline).catch(() => undefined)
        break
      case 'layers-failed':
        this.fail(message.image, message.message, message.hint)
        return
      default:
        message satisfies never
    }
    this.onChange()
  }

  private receiveRun(subject: OverlaySubject, run: OverlayRun): void {
    this.subject = subject
    this.run = run
    this.empty = undefined
    this.sort()
    const image = this.image?.name ?? this.ordered.at(0)?.name
    if (image !== undefined) this.choose(image)
  }

  private receivePicture(picture: Picture): void {
    const before = this.picture
    // Magnified parts only mean the same in pictures of the same size.
    const isOtherSize = before !== undefined && (before.width !== picture.width || before.height !== picture.height)
    this.picture = picture
    this.isLoading = false
    this.failure = undefined
    if (isOtherSize) this.change({ ...this.view, zoom: 'fit' })
    this.onChange()
  }

  private fail(image: string, message: string, hint: string | undefined): void {
    if (image !== this.view.image) return
    this.failure = { message, hint }
    this.isLoading = false
    this.onChange()
  }

  private choose(image: string): void {
    this.baseline = undefined
    this.note = ''
    this.failure = undefined
    this.isLoading = true
    this.change({ ...this.view, image })
    this.connection.send({ type: 'show', image, next: neighbour(this.ordered, image, 1) })
  }

  private change(view: ViewState): void {
    const isOtherOrder = view.order !== this.view.order
    this.view = view
    if (isOtherOrder) this.sort()
    this.rememberSoon()
    this.onChange()
  }

  private sort(): void {
    const { run } = this
    this.ordered = run === undefined ? [] : orderedImages(run.images, this.view.order, run.classes)
  }

  private rememberSoon(): void {
    this.remembering ??= window.setTimeout(() => {
      this.remembering = undefined
      if (this.subject !== undefined) this.connection.remember({ ...this.subject, ...this.view })
    }, rememberMilliseconds)
  }
}
