import { kernelsWith, layOut } from './kernels/kernels.ts'
import type { Size } from './sample.ts'

/** Weights are whole multiples of 2⁻¹¹, blended rows of 2⁻⁷ gray levels: at most one level beside the exact form. */
const one = 2048

/** Bilinear between pixel centres, borders replicated. @param image [from.height, from.width, 3] → [to.height, to.width, 3] */
export function resizeLinear(image: Uint8Array, from: Size, to: Size): Uint8Array {
  const bytes = from.width * 3
  const [source, blended, places, rows, output, end] = layOut(
    image.length + 16,
    bytes * 2 + 48,
    to.width * 8,
    to.height * 12,
    to.height * to.width * 3 + 4,
  )
  const { run, buffer } = kernelsWith(end)
  new Uint8Array(buffer, source, image.length).set(image)
  new Int32Array(buffer, places, to.width * 2).set(columnPlaces(from.width, to.width))
  new Int32Array(buffer, rows, to.height * 3).set(rowPlaces(from.height, to.height))
  run.resizeRows(source, bytes, rows, blended, places, to.height, to.width, output)
  return new Uint8Array(buffer, output, to.height * to.width * 3).slice()
}

/** Three numbers of each output row, as the kernel resizeRows takes them. */
function rowPlaces(sourceLength: number, length: number): Int32Array {
  const places = new Int32Array(length * 3)
  for (let i = 0; i < length; i++) {
    const { before, after, weight } = neighbours(i, sourceLength, length)
    places[i * 3] = before
    places[i * 3 + 1] = after
    places[i * 3 + 2] = weight
  }
  return places
}

/** Two numbers of each output column, as the kernel resizeRows takes them. */
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
