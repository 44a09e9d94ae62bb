import type { Size } from '../augment/sample.ts'
import { decodeImage } from './decodeImage.ts'

/** An image that is read in bands from top to bottom. */
export interface ImageRows extends Size {
  /** Rows `top` to before `end`: [end − top, width, 3], RGB, 0 … 255. */
  rows(top: number, end: number): Promise<Uint8Array>
}

/** @throws UserError as decodeImage does */
export async function openImageRows(path: string): Promise<ImageRows> {
  const { image, height, width } = await decodeImage(path)
  const row = 3 * width
  return { height, width, rows: (top, end) => Promise.resolve(image.subarray(top * row, end * row)) }
}
