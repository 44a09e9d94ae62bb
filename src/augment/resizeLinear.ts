import { kernelsWith, layOut } from './kernels/kernels.ts'
import type { Size } from './sample.ts'

/** Weights are whole multiples of 2⁻¹¹, blended rows of 2⁻⁷ gray levels: at most one level beside the exact form. */
const one = 2048

/** Bilinear between pixel centres, borders replicated. @param image [from.height, from.width, 3] → [to.height, to.width, 3] */
export function resizeLinear(image: Uint8Array, from: Size, to: Size): Uint8Array {
  const bytes = from.width * 3
  const [source, blended, places, output, end] = layOut(
    image.length + 16,
    bytes * 2 + 48,
    to.width * 8,
    to.height * to.width * 3 + 4,
  )
  const { run, buffer } = kernelsWith(end)
  new Uint8Array(buffer, source, image.length).set(image)
  new Int32Array(buffer, places, to.width * 2).set(columnPlaces(from.width, to.width))
  for (let y = 0; y < to.height; y++) {
    const { before, after, weight } = neighbours(y, from.height, to.height)
    const row = output + y * to.width * 3
    run.resizeRow(source + before * bytes, source + after * bytes, bytes, weight, blended, places, to.width, row)
  }
  return new Uint8Array(buffer, output, to.height * to.width * 3).slice()
}

/** Two numbers of each output column, as the kernel resizeRow takes them. */
function columnPlaces(sourceLength: number, length: number): Int32Array {
  const places = new Int32Array(length * 2)
  for (let i = 0; i < length; i++) {
    const { before, weight } = neighbours(i, sourceLength, length)
    places[i * 2] = before * 6
    places[i * 2 + 1] = (weight << 16) | (one - weight)
  }
  return places
}

/** The source pixels on both sides of an output pixel's centre, and the weight of the second, of 2048. */
function neighbours(
  i: number,
  sourceLength: number,
  length: number,
): { before: number; after: number; weight: number } {
  const place = Math.min(Math.max(((i + 0.5) * sourceLength) / length - 0.5, 0), sourceLength - 1)
  const before = Math.floor(place)
  return { before, after: Math.min(before + 1, sourceLength - 1), weight: Math.round((place - before) * one) }
}
