import type { Size } from '../augment/sample.ts'
import { sharp } from './imageLibrary.ts'

/** Pixels of an image, [height, width, 3] RGB. */
export interface RgbImage extends Size {
  readonly image: Uint8Array
}

/** The size at which the longest side has at most so many pixels; nothing is enlarged. */
export function sizeWithin({ height, width }: Size, longestSide: number): Size {
  const scale = Math.min(1, longestSide / Math.max(height, width))
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale))
  return { height: side(height), width: side(width) }
}

/** The image at a smaller size, averaged; the image itself where it is no larger. */
export async function shrinkImage({ image, height, width }: RgbImage, to: Size): Promise<RgbImage> {
  if (to.height >= height && to.width >= width) return { image, height, width }
  const data = await sharp(image, { raw: { height, width, channels: 3 }, limitInputPixels: false })
    .resize({ ...to, fit: 'fill' })
    .raw()
    .toBuffer()
  return { image: data, ...to }
}
