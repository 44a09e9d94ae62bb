import type { Sample } from '../../sample.ts'
import { doubled, halved } from './chroma.ts'
import { quantized, type Plane } from './plane.ts'
import { quantizationTables } from './quantization.ts'

/**
 * What is left of an image after it was written as a baseline JPEG with halved colours (4:2:0) and read again: the same
 * pixels as libjpeg-turbo gives. Only what loses something is computed; entropy coding does not.
 * @param quality 1 … 100
 */
export function throughJpeg(sample: Sample, quality: number): Uint8Array {
  const { height, width } = sample
  const [luma, blue, red] = components(sample)
  const steps = quantizationTables(quality)
  const color = (plane: Plane): Uint8Array =>
    doubled(quantized(halved(plane), steps.chrominance), height, width).samples
  return joined(quantized(luma, steps.luminance).samples, color(blue), color(red))
}

/** Y, Cb and Cr in 16-bit fixed point (jccolor.c). */
function components({ image, height, width }: Sample): readonly [Plane, Plane, Plane] {
  const planes = [0, 1, 2].map(() => new Uint8Array(height * width))
  const [luma, blue, red] = planes
  for (let i = 0, from = 0; i < luma.length; i++, from += 3) {
    const [r, g, b] = [image[from], image[from + 1], image[from + 2]]
    luma[i] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16
    blue[i] = (32768 * b - 11058 * r - 21710 * g + 8421375) >> 16
    red[i] = (32768 * r - 27439 * g - 5329 * b + 8421375) >> 16
  }
  return planes.map((samples) => ({ samples, height, width })) as unknown as readonly [Plane, Plane, Plane]
}

/** Back to RGB (jdcolor.c). */
function joined(luma: Uint8Array, blue: Uint8Array, red: Uint8Array): Uint8Array {
  const output = new Uint8ClampedArray(luma.length * 3)
  for (let i = 0, to = 0; i < luma.length; i++, to += 3) {
    const y = luma[i]
    const cb = blue[i] - 128
    const cr = red[i] - 128
    output[to] = y + ((91881 * cr + 32768) >> 16)
    output[to + 1] = y + ((-22554 * cb - 46802 * cr + 32768) >> 16)
    output[to + 2] = y + ((116130 * cb + 32768) >> 16)
  }
  return new Uint8Array(output.buffer)
}
