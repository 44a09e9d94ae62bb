import type { ImageLayers, OverlayClass } from '../../../src/protocol/overlayMessages.ts'
import { errorKindColors, errorKindMask, labelColors } from '../model/colors.ts'
import { errorKindTable, ignoredLabel, type ErrorKind } from '../model/errorKinds.ts'
import { paintErrors, paintLabels } from '../model/paint.ts'
import type { LabelMap } from '../model/pixelLabels.ts'
import { decodeLabels } from './decodeLabels.ts'

/** Whose prediction: the shown run's, or the baseline's. */
export type Predictor = 'own' | 'baseline'

type PaintKey = `${'labels' | 'errors' | ErrorKind}:${'truth' | Predictor}`

interface Painted {
  /** The shown classes that it was painted for. */
  readonly shown: string
  readonly canvas: OffscreenCanvas
}

type PictureFacts = Pick<ImageLayers, 'image' | 'width' | 'height' | 'classes' | 'isMaskMissing'>

interface Maps {
  readonly truth: LabelMap | undefined
  readonly own: LabelMap | undefined
  readonly baseline: LabelMap | undefined
}

/** The pictures of one image, decoded. What is painted from the label maps is painted when it is first seen, and kept. */
export class Picture {
  readonly image: string
  readonly width: number
  readonly height: number
  readonly classes: readonly OverlayClass[]
  readonly isMaskMissing: boolean
  readonly maps: Maps
  readonly hasIgnored: boolean
  private readonly photograph: ImageBitmap
  private readonly painted = new Map<PaintKey, Painted>()
  private grey: OffscreenCanvas | undefined

  private constructor(photograph: ImageBitmap, facts: PictureFacts, maps: Maps) {
    this.photograph = photograph
    this.image = facts.image
    this.width = facts.width
    this.height = facts.height
    this.classes = facts.classes
    this.isMaskMissing = facts.isMaskMissing
    this.maps = maps
    this.hasIgnored = maps.truth?.labels.includes(ignoredLabel) ?? false
  }

  /** @throws DOMException where a picture cannot be decoded */
  static async decode(layers: ImageLayers): Promise<Picture> {
    const labels = async (png: Uint8Array<ArrayBuffer> | null): Promise<LabelMap | undefined> =>
      png === null ? undefined : decodeLabels(png)
    const [photograph, truth, own] = await Promise.all([
      createImageBitmap(new Blob([layers.photograph], { type: layers.mimeType })),
      labels(layers.truth),
      labels(layers.prediction),
    ])
    return new Picture(photograph, layers, { truth, own, baseline: undefined })
  }

  /** The same picture, with what the baseline predicted. */
  withBaseline(baseline: LabelMap): Picture {
    const picture = new Picture(this.photograph, this, { ...this.maps, baseline })
    for (const [key, painted] of this.painted) picture.painted.set(key, painted)
    picture.grey = this.grey
    return picture
  }

  get photo(): CanvasImageSource {
    return this.photograph
  }

  /** The photograph without its colours: what errors are drawn on. */
  get greyPhoto(): CanvasImageSource {
    if (this.grey !== undefined) return this.grey
    this.grey = new OffscreenCanvas(this.width, this.height)
    const context = this.grey.getContext('2d')!
    context.filter = 'grayscale(1)'
    context.drawImage(this.photograph, 0, 0)
    return this.grey
  }

  /** A label map in the colours of the shown classes; undefined where there is no such map. */
  labelPainting(of: 'truth' | Predictor, shown: readonly boolean[]): OffscreenCanvas | undefined {
    const map = this.maps[of]
    if (map === undefined) return undefined
    return this.paint(`labels:${of}`, shown, (pixels) => {
      paintLabels(map.labels, labelColors(this.classes, shown), pixels)
    })
  }

  /** What a prediction did at each pixel, in the colours of the kinds of errors. */
  errorPainting(predictor: Predictor, shown: readonly boolean[]): OffscreenCanvas | undefined {
    return this.paintKinds(`errors:${predictor}`, predictor, shown, errorKindColors)
  }

  /** Opaque where the prediction did just this. */
  errorMask(kind: ErrorKind, predictor: Predictor, shown: readonly boolean[]): OffscreenCanvas | undefined {
    return this.paintKinds(`${kind}:${predictor}`, predictor, shown, () => errorKindMask(kind))
  }

  /** Frees the memory of the photograph, which is not the garbage collector's. Of its other versions too. */
  close(): void {
    this.photograph.close()
  }

  private paintKinds(
    key: PaintKey,
    predictor: Predictor,
    shown: readonly boolean[],
    colors: () => Uint32Array,
  ): OffscreenCanvas | undefined {
    const { truth, [predictor]: prediction } = this.maps
    if (truth === undefined || prediction === undefined) return undefined
    return this.paint(key, shown, (pixels) => {
      paintErrors(truth.labels, prediction.labels, errorKindTable(shown), colors(), pixels)
    })
  }

  private paint(key: PaintKey, shown: readonly boolean[], fill: (pixels: Uint32Array) => void): OffscreenCanvas {
    const known = this.painted.get(key)
    const shownKey = shown.map(Number).join('')
    if (known?.shown === shownKey) return known.canvas
    const canvas = known?.canvas ?? new OffscreenCanvas(this.width, this.height)
    const pixels = new ImageData(this.width, this.height)
    fill(new Uint32Array(pixels.data.buffer))
    canvas.getContext('2d')!.putImageData(pixels, 0, 0)
    this.painted.set(key, { shown: shownKey, canvas })
    return canvas
  }
}
