import { kernelsWith, layOut } from './kernels/kernels.ts'
import { resizeLinear } from './resizeLinear.ts'
import type { Sample, Size } from './sample.ts'
import type { Interpolation, Taps } from './taps.ts'
import { resizeTaps } from './taps.ts'

/** Image by `interpolation`, rounded once; mask by the nearest pixel, src = ⌊dst · in / out⌋ (OpenCV INTER_NEAREST). */
export function resizeSample(sample: Sample, size: Size, interpolation: Interpolation = 'linear'): Sample {
  const { height, width } = size
  if (height === sample.height && width === sample.width) return sample
  return {
    image: resizeImage(sample.image, sample, size, interpolation),
    mask: resizeMask(sample.mask, sample, size),
    height,
    width,
  }
}

/** @param image [from.height, from.width, 3] */
function resizeImage(image: Uint8Array, from: Size, to: Size, interpolation: Interpolation): Uint8Array {
  const isLinear = interpolation === 'linear' || (interpolation === 'area' && to.height >= from.height && to.width >= from.width) // prettier-ignore
  if (isLinear) return resizeLinear(image, from, to)
  const columns = resizeTaps(from.width, to.width, interpolation)
  const rows = resizeTaps(from.height, to.height, interpolation)
  const narrowed = new Map<number, Float64Array>()
  const output = new Uint8Array(to.height * to.width * 3)
  const sums = new Float64Array(to.width * 3)
  for (let y = 0; y < to.height; y++) {
    sums.fill(0)
    const first = rows.indices[y * rows.count]
    // Rows above the first tap never come back: only as many rows are held as there are taps.
    for (const key of narrowed.keys()) if (key < first) narrowed.delete(key)
    for (let k = 0; k < rows.count; k++) {
      const weight = rows.weights[y * rows.count + k]
      const source = rows.indices[y * rows.count + k]
      if (weight === 0) continue
      let row = narrowed.get(source)
      if (row === undefined) narrowed.set(source, (row = resizeRow(image, source * from.width, to.width, columns)))
      for (let i = 0; i < sums.length; i++) sums[i] += weight * row[i]
    }
    const start = y * sums.length
    for (let i = 0; i < sums.length; i++) output[start + i] = Math.min(255, Math.max(0, Math.floor(sums[i] + 0.5)))
  }
  return output
}

/** One row of the source, begun at pixel `start`, at the new width: [width, 3]. */
function resizeRow(image: Uint8Array, start: number, width: number, { count, indices, weights }: Taps): Float64Array {
  const row = new Float64Array(width * 3)
  for (let x = 0; x < width; x++) {
    let red = 0
    let green = 0
    let blue = 0
    for (let k = x * count; k < (x + 1) * count; k++) {
      const weight = weights[k]
      const from = (start + indices[k]) * 3
      red += weight * image[from]
      green += weight * image[from + 1]
      blue += weight * image[from + 2]
    }
    row[x * 3] = red
    row[x * 3 + 1] = green
    row[x * 3 + 2] = blue
  }
  return row
}

function resizeMask(mask: Uint8Array, from: Size, to: Size): Uint8Array {
  const area = to.height * to.width
  const [labels, rows, columns, output, end] = layOut(mask.length, to.height * 4, to.width * 4, area)
  const { run, buffer } = kernelsWith(end)
  new Uint8Array(buffer, labels, mask.length).set(mask)
  fillNearest(new Int32Array(buffer, rows, to.height), from.height)
  fillNearest(new Int32Array(buffer, columns, to.width), from.width)
  run.pickLabels(labels, from.width, rows, columns, to.height, to.width, output)
  return new Uint8Array(buffer, output, area).slice()
}

function fillNearest(places: Int32Array, sourceLength: number): void {
  for (let i = 0; i < places.length; i++) places[i] = Math.floor((i * sourceLength) / places.length)
}
