import { UserError, messageWithPlace } from '../../core/errors.ts'
import type { BaselinePrediction, ToOverlay } from '../../protocol/overlayMessages.ts'
import { LayerCache, type AskLayers, type LayersAnswer } from './layerCache.ts'

/** What the pictures of an overlay are made from. */
interface PictureSource {
  readonly run: string
  readonly ask: AskLayers
  /** The baseline's run that has a prediction of this image; undefined where there is none. */
  readonly baselineOf: (image: string) => { readonly run: string } | 'is-baseline' | undefined
  readonly send: (message: ToOverlay) => void
}

interface Wanted {
  readonly image: string
  readonly next: string | undefined
}

/**
 * Answers a view's requests for images: the last one counts, however fast the images are changed. The next image is fetched
 * ahead.
 */
export class OverlayPictures {
  private readonly source: PictureSource
  private readonly cache: LayerCache
  private wanted: Wanted | undefined
  private isAnswering = false

  constructor(source: PictureSource) {
    this.source = source
    this.cache = new LayerCache(source.ask)
  }

  /** Sends `layers` or `layers-failed`, then `baseline`. @throws Error for a bug of the program that makes the pictures */
  async show(image: string, next: string | undefined): Promise<void> {
    this.wanted = { image, next }
    if (this.isAnswering) return
    this.isAnswering = true
    try {
      for (let wanted = this.takeWanted(); wanted !== undefined; wanted = this.takeWanted()) await this.answer(wanted)
    } finally {
      this.isAnswering = false
    }
  }

  /** After a run was trained on, or the data set changed. */
  forget(): void {
    this.cache.clear()
  }

  private takeWanted(): Wanted | undefined {
    const { wanted } = this
    this.wanted = undefined
    return wanted
  }

  private async answer({ image, next }: Wanted): Promise<void> {
    const layers = await this.layers(image)
    if (layers === undefined || this.hasOtherWish()) return
    this.source.send({ type: 'baseline', image, baseline: await this.baseline(image, layers) })
    if (next === undefined || this.hasOtherWish()) return
    // Whether it succeeds is told when it is shown.
    void this.cache.get(this.source.run, next).catch(() => undefined)
  }

  /** A method, because the compiler believes that nothing changes while a promise is awaited. */
  private hasOtherWish(): boolean {
    return this.wanted !== undefined
  }

  private async layers(image: string): Promise<LayersAnswer | undefined> {
    try {
      const answer = await this.cache.get(this.source.run, image)
      this.source.send({
        type: 'layers',
        layers: {
          image,
          width: answer.width,
          height: answer.height,
          mimeType: answer.mimeType,
          photograph: bytesOf(answer.image),
          truth: answer.truth === null ? null : bytesOf(answer.truth),
          isMaskMissing: answer.isMaskMissing === true,
          prediction: answer.prediction === null ? null : bytesOf(answer.prediction),
          classes: answer.classes ?? [],
          note: answer.note,
        },
      })
      return answer
    } catch (error) {
      const isKnown = error instanceof UserError
      const hint = isKnown ? error.details.hint : undefined
      const message = isKnown ? messageWithPlace(error) : error instanceof Error ? error.message : String(error)
      this.source.send({ type: 'layers-failed', image, message, hint })
      if (isKnown) return undefined
      throw error
    }
  }

  private async baseline(image: string, own: LayersAnswer): Promise<BaselinePrediction> {
    const found = this.source.baselineOf(image)
    if (found === 'is-baseline') return { state: 'is-baseline' }
    if (found === undefined) return { state: 'not-predicted' }
    const { run } = found
    try {
      const { prediction, classes, note } = await this.cache.get(run, image)
      if (!haveSameNames(classes, own.classes)) return { state: 'other-classes', run }
      if (prediction === null) return { state: 'unreadable', run, message: note ?? '' }
      return { state: 'predicted', run, prediction: bytesOf(prediction) }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return { state: 'unreadable', run, message: messageWithPlace(error) }
    }
  }
}

function haveSameNames(a: LayersAnswer['classes'] = [], b: LayersAnswer['classes'] = []): boolean {
  return a.length === b.length && a.every(({ name }, index) => name === b[index].name)
}

/** VS Code hands over typed arrays as they are, but knows no Buffer. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}
