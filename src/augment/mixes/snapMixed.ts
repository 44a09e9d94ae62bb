import { ignoredLabel } from '../sample.ts'
import { boxArea, type Box, type Unmixed } from './box.ts'
import type { MixedBatch } from './mix.ts'
import type { SnapMixDraw } from './snapMix.ts'

/**
 * SnapMix for dense labels (Huang et al., AAAI 2021): the partner's box is resized into the image's (bilinear with aligned
 * corners, as the authors' code; labels by the nearest pixel). The loss of an image is ρ_a times the mean cross entropy
 * outside the box plus ρ_b times the mean inside; ρ_a is what of the image's own semantic map stays outside, ρ_b what of the
 * partner's map lies in its box.
 * @param maps [N, height, width], each with sum 1
 * @returns a new batch, and the weight of every pixel in the sum of its cross entropies, [N, height, width]; undefined where a
 *   box is empty
 */
export function snapMixed(
  batch: MixedBatch,
  maps: Float32Array,
  { partners, target: box, source }: SnapMixDraw,
): WeightedBatch | undefined {
  if (boxArea(box) === 0 || boxArea(source) === 0) return undefined
  const { height, width, count } = batch
  const area = height * width
  const mixed = { ...batch, image: batch.image.slice(), target: batch.target.slice() }
  const weights = new Float32Array(count * area)
  for (let to = 0; to < count; to++) {
    const from = partners[to]
    pasteResized(mixed, batch, [to, from], box, source)
    const labels = mixed.target.subarray(to * area, (to + 1) * area)
    const outside = 1 - shareIn(maps.subarray(to * area, (to + 1) * area), box, width)
    const inside = shareIn(maps.subarray(from * area, (from + 1) * area), source, width)
    const shares = [outside / count, inside / count] as const
    weighPixels(labels, weights.subarray(to * area, (to + 1) * area), shares, (pixel) =>
      contains(box, pixel % width, Math.floor(pixel / width)),
    )
  }
  return { image: mixed.image, target: mixed.target, weights }
}

export interface WeightedBatch extends Pick<MixedBatch, 'image' | 'target'> {
  readonly weights: Float32Array
}

/** Spreads the share of each part of one image evenly over its pixels that are not ignored. */
function weighPixels(
  labels: Int32Array,
  weights: Float32Array,
  [outside, inside]: readonly [number, number],
  isInside: (pixel: number) => boolean,
): void {
  const pixels: [number, number] = [0, 0]
  for (let pixel = 0; pixel < labels.length; pixel++)
    if (labels[pixel] !== ignoredLabel) pixels[isInside(pixel) ? 1 : 0]++
  for (let pixel = 0; pixel < labels.length; pixel++)
    if (labels[pixel] !== ignoredLabel) weights[pixel] = isInside(pixel) ? inside / pixels[1] : outside / pixels[0]
}

/** The ordinary mean: what a batch that is not mixed weighs. */
export function evenWeights({ target }: Pick<MixedBatch, 'target'>): Float32Array {
  const valid = target.reduce((sum, label) => sum + (label === ignoredLabel ? 0 : 1), 0)
  return Float32Array.from(target, (label) => (label === ignoredLabel ? 0 : 1 / valid))
}

/**
 * What the network looks at: its scores of the class with the most pixels of the foreground (all but class 0; the lower
 * index among equals), minus their least, over their sum. Without foreground all pixels count alike.
 * @param logits [C, height · width] of one image  @param labels [height · width]
 */
export function semanticMap(logits: Float32Array, labels: Int32Array): Float32Array {
  const area = labels.length
  const counts = new Int32Array(logits.length / area)
  for (const label of labels) if (label > 0 && label < counts.length) counts[label]++
  const foreground = counts.indexOf(Math.max(...counts))
  if (counts[foreground] === 0) return new Float32Array(area).fill(1 / area)
  const scores = logits.subarray(foreground * area, (foreground + 1) * area)
  const least = scores.reduce((left, right) => Math.min(left, right))
  const sum = scores.reduce((left, right) => left + (right - least), 0)
  return sum === 0 ? new Float32Array(area).fill(1 / area) : scores.map((score) => (score - least) / sum)
}

function contains({ left, top, right, bottom }: Box, x: number, y: number): boolean {
  return x >= left && x < right && y >= top && y < bottom
}

function shareIn(map: Float32Array, { left, top, right, bottom }: Box, width: number): number {
  let sum = 0
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += map[y * width + x]
  return sum
}

function pasteResized(
  batch: MixedBatch,
  before: Unmixed,
  [to, from]: readonly [number, number],
  target: Box,
  source: Box,
): void {
  const { height, width } = batch
  const area = height * width
  const [rows, columns] = [target.bottom - target.top, target.right - target.left]
  const [sourceRows, sourceColumns] = [source.bottom - source.top, source.right - source.left]
  for (let y = 0; y < rows; y++) {
    const vertical = aligned(y, rows, sourceRows)
    for (let x = 0; x < columns; x++) {
      const horizontal = aligned(x, columns, sourceColumns)
      const write = (target.top + y) * width + target.left + x
      const upper = (source.top + vertical.first) * width + source.left
      const lower = (source.top + vertical.second) * width + source.left
      for (let channel = 0; channel < 3; channel++) {
        const start = (from * 3 + channel) * area
        const above = lerp(before.image, start + upper, horizontal)
        const below = lerp(before.image, start + lower, horizontal)
        batch.image[(to * 3 + channel) * area + write] = above + (below - above) * vertical.share
      }
      const nearestY = source.top + nearest(y, rows, sourceRows)
      batch.target[to * area + write] =
        before.target[from * area + nearestY * width + source.left + nearest(x, columns, sourceColumns)]!
    }
  }
}

interface Between {
  readonly first: number
  readonly second: number
  /** How much of the second. */
  readonly share: number
}

/** First and last pixels fall together (align_corners=True). */
function aligned(index: number, length: number, sourceLength: number): Between {
  const position = length === 1 ? 0 : (index * (sourceLength - 1)) / (length - 1)
  const first = Math.floor(position)
  return { first, second: Math.min(first + 1, sourceLength - 1), share: position - first }
}

function nearest(index: number, length: number, sourceLength: number): number {
  return Math.min(Math.floor(((index + 0.5) * sourceLength) / length), sourceLength - 1)
}

function lerp(values: Float32Array, start: number, { first, second, share }: Between): number {
  return values[start + first] + (values[start + second] - values[start + first]) * share
}
