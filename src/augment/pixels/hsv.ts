import { throughKernel } from '../kernels/throughKernel.ts'
import { putTables } from './lookUp.ts'

/**
 * RGB to 8-bit HSV: hue in half degrees, 0 … 179, saturation and value 0 … 255; equal to OpenCV's COLOR_RGB2HSV.
 * @param image [H, W, 3]
 */
export function rgbToHsv(image: Uint8Array): Uint8Array {
  return throughKernel(image, 0, ({ run, from, to }) => {
    run.rgbToHsv(from, to, image.length / 3)
  })
}

/** The image with hue, saturation and value each through a table, and back (OpenCV's COLOR_HSV2RGB, rounded once). */
export function throughHsv(
  image: Uint8Array,
  { hue, saturation, value }: Readonly<Record<'hue' | 'saturation' | 'value', Uint8Array>>,
): Uint8Array {
  const pixels = image.length / 3
  return throughKernel(image, 768, ({ run, buffer, from, to, extra }) => {
    putTables(buffer, extra, [hue, saturation, value])
    run.rgbToHsv(from, to, pixels)
    run.lookUpChannels(to, from, pixels, extra)
    run.hsvToRgb(from, to, pixels)
  })
}
