import type { BaselinePrediction, ImageLayers } from '../../../src/protocol/overlayMessages.ts'
import { decodeLabels } from './decodeLabels.ts'
import { Picture } from './picture.ts'

/** Decodes what the host sends; only what belongs to the last wanted image comes out. */
export class PictureLoader {
  private readonly onPicture: (picture: Picture) => void
  private decoding: Promise<Picture> | undefined
  private current: Picture | undefined

  constructor(onPicture: (picture: Picture) => void) {
    this.onPicture = onPicture
  }

  /** @throws DOMException where a picture cannot be decoded */
  async receive(layers: ImageLayers): Promise<void> {
    const decoding = Picture.decode(layers)
    this.decoding = decoding
    const picture = await decoding
    if (this.decoding !== decoding) {
      picture.close()
      return
    }
    this.current?.close()
    this.show(picture)
  }

  /** What the baseline predicted on the image that came before. @throws DOMException where it cannot be decoded */
  async receiveBaseline(image: string, baseline: BaselinePrediction): Promise<void> {
    const { decoding } = this
    if (baseline.state !== 'predicted' || decoding === undefined) return
    const [picture, labels] = await Promise.all([decoding, decodeLabels(baseline.prediction)])
    const isSame = picture.image === image && labels.width === picture.width && labels.height === picture.height
    if (this.decoding === decoding && isSame) this.show(picture.withBaseline(labels))
  }

  private show(picture: Picture): void {
    this.current = picture
    this.onPicture(picture)
  }
}
