import { encode } from 'fast-png'
import type { Rgb } from '../augment/normalize.ts'
import type { Size } from '../augment/sample.ts'
import { sharp } from './imageLibrary.ts'
import { palettePng } from './palettePng.ts'
import { resizeLabels } from './resizeLabels.ts'
import { shrinkImage, sizeWithin, type RgbImage } from './shrink.ts'

export interface EncodedPicture {
  readonly mimeType: 'image/jpeg' | 'image/png'
  readonly bytes: Uint8Array
}

const qualities = [80, 65, 50]
/** From one attempt to the next; pictures of noise need several. */
const shrinking = 0.8

/** JPEG of at most `byteLimit` bytes: of lower quality, then smaller, where it must be. */
export async function jpegWithin(picture: RgbImage, byteLimit: number): Promise<EncodedPicture> {
  for (let longest = Math.max(picture.height, picture.width); ; longest = Math.floor(longest * shrinking)) {
    const smaller = await shrinkImage(picture, sizeWithin(picture, longest))
    for (const quality of qualities) {
      const bytes = await jpeg(smaller, quality)
      // A single pixel is as small as it gets.
      if (bytes.length <= byteLimit || longest <= 1) return { mimeType: 'image/jpeg', bytes }
    }
  }
}

/** Palette PNG of labels in their class colours, of at most `byteLimit` bytes: smaller where it must be. */
export function labelsPngWithin(
  labels: Uint8Array,
  size: Size,
  colors: readonly Rgb[],
  byteLimit: number,
): EncodedPicture {
  for (let longest = Math.max(size.height, size.width); ; longest = Math.floor(longest * shrinking)) {
    const smaller = sizeWithin(size, longest)
    const bytes = palettePng(resizeLabels(labels, size, smaller), smaller, colors)
    if (bytes.length <= byteLimit || longest <= 1) return { mimeType: 'image/png', bytes }
  }
}

/** Pixels up to which a photograph is sent without loss. */
const losslessPixels = 256 * 256

/** The photograph at its own size: PNG when it is small, else a JPEG of quality 90. */
export async function encodePhotograph(picture: RgbImage): Promise<EncodedPicture> {
  const { image, height, width } = picture
  if (height * width > losslessPixels) return { mimeType: 'image/jpeg', bytes: await jpeg(picture, 90) }
  return { mimeType: 'image/png', bytes: encode({ width, height, data: image, depth: 8, channels: 3 }) }
}

/** Grey 8-bit PNG whose values are the labels, [height, width]. */
export function labelsPng(labels: Uint8Array, { height, width }: Size): Uint8Array {
  return encode({ width, height, data: labels, depth: 8, channels: 1 })
}

/** Colours at full resolution: the edges of a tint would bleed otherwise. */
async function jpeg({ image, height, width }: RgbImage, quality: number): Promise<Buffer> {
  return sharp(image, { raw: { height, width, channels: 3 }, limitInputPixels: false })
    .jpeg({ quality, chromaSubsampling: '4:4:4' })
    .toBuffer()
}
