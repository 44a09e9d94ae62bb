import type { LabelMap } from '../model/pixelLabels.ts'

/**
 * The values of a grey 8-bit PNG, exactly as they were written: no colour management, no premultiplied alpha.
 * @throws DOMException where the bytes are no image that the browser can decode
 */
export async function decodeLabels(png: Uint8Array<ArrayBuffer>): Promise<LabelMap> {
  const bitmap = await createImageBitmap(new Blob([png], { type: 'image/png' }), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  })
  const { width, height } = bitmap
  const canvas = new OffscreenCanvas(width, height)
  // Kept in main memory, where every value comes back as it went in.
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  const { data } = context.getImageData(0, 0, width, height)
  const labels = new Uint8Array(width * height)
  for (let i = 0; i < labels.length; i++) labels[i] = data[i * 4]
  return { width, height, labels }
}
