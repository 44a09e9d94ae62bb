import type { Size } from '../augment/sample.ts'
import { decodeImage, decodeRows } from './decodeImage.ts'
import { readSize, type ImageHeader } from './readSize.ts'

/** Bytes of decoded rows that are held at a time: more of them, and what lies above is decoded less often. */
const defaultStripBytes = 64 * 1024 * 1024

/** An image that is read in bands from top to bottom. */
export interface ImageRows extends Size {
  /** Rows `top` to before `end`: [end − top, width, 3], RGB, 0 … 255. Any order works, downwards is fast. */
  rows(top: number, end: number): Promise<Uint8Array>
}

/**
 * An image of any size, decoded as `decodeImage` does. One of more than `stripBytes` is decoded in strips of that size;
 * only a picture that a camera turned, an interlaced PNG or a progressive JPEG must be unpacked as a whole.
 * @throws UserError as decodeImage does; damage further down shows when it is reached
 */
export async function openImageRows(path: string, stripBytes = defaultStripBytes): Promise<ImageRows> {
  const header = await readSize(path)
  const bytesPerRow = 3 * header.width
  if (header.orientation !== 1 || bytesPerRow * header.height <= stripBytes) return wholeImage(path)
  return new ImageStrips(path, header, Math.max(1, Math.floor(stripBytes / bytesPerRow)))
}

async function wholeImage(path: string): Promise<ImageRows> {
  const { image, height, width } = await decodeImage(path)
  const row = 3 * width
  return { height, width, rows: (top, end) => Promise.resolve(image.subarray(top * row, end * row)) }
}

class ImageStrips implements ImageRows {
  readonly height: number
  readonly width: number
  private readonly path: string
  private readonly header: ImageHeader
  private readonly stripRows: number
  private strip = { top: 0, end: 0, pixels: new Uint8Array(0) }

  constructor(path: string, header: ImageHeader, stripRows: number) {
    this.height = header.height
    this.width = header.width
    this.path = path
    this.header = header
    this.stripRows = stripRows
  }

  async rows(top: number, end: number): Promise<Uint8Array> {
    if (top < this.strip.top || end > this.strip.end) await this.read(top, end)
    const [row, { top: first, pixels }] = [3 * this.width, this.strip]
    return pixels.subarray((top - first) * row, (end - first) * row)
  }

  private async read(top: number, wanted: number): Promise<void> {
    const end = Math.min(this.height, Math.max(wanted, top + this.stripRows))
    // The old strip is free before the new one is made.
    this.strip = { top: 0, end: 0, pixels: new Uint8Array(0) }
    this.strip = { top, end, pixels: (await decodeRows(this.path, this.header, top, end)) as Uint8Array<ArrayBuffer> }
  }
}
