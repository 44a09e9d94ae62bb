import { groupedBy } from '../groupedBy.ts'
import { differingBits } from '../scan/perceptualHash.ts'
import type { ScannedImage } from '../scan/scanImage.ts'
import type { PairScan } from '../scan/scanPairs.ts'

/**
 * Most bits in which the difference hashes of near duplicates differ, and least correlation of their brightness on 24 × 24 cells.
 * Of neighbouring frames at 15 Hz most pass, at 1 Hz few; neighbouring slices of a microscope's stack do not.
 */
const mostBits = 10
const leastCorrelation = 0.85

export type Likeness = 'file' | 'pixels' | 'near'

/** Two or more images that are alike, directly or through others of the cluster. */
export interface Cluster {
  readonly likeness: Likeness
  readonly members: readonly LookedAt[]
}

/** An image that was read, whatever its mask. */
export interface LookedAt extends PairScan {
  readonly image: ScannedImage
}

/**
 * All images that are the same file; that have the same pixels in different files; and that are nearly the same picture, which is
 * found by hash and then held against the pixels. Every pair of different pictures is compared: n² / 2 times a few operations.
 */
export function similarImages(images: readonly LookedAt[]): readonly Cluster[] {
  const byFile = [...groupedBy(images, ({ image }) => image.fileHash).values()]
  const byPixels = [...groupedBy(images, ({ image }) => image.pixelHash).values()]
  const near = nearClusters(byPixels.map((same) => pictureOf(same[0].image)))
  const several = (members: readonly LookedAt[], of: 'fileHash' | 'pixelHash'): boolean =>
    new Set(members.map(({ image }) => image[of])).size > 1
  const clusters = (likeness: Likeness, found: readonly LookedAt[][]): readonly Cluster[] =>
    found.map((members) => ({ likeness, members }))
  return [
    ...clusters(
      'file',
      byFile.filter((members) => members.length > 1),
    ),
    ...clusters(
      'pixels',
      byPixels.filter((members) => several(members, 'fileHash')),
    ),
    ...clusters(
      'near',
      near.map((parts) => parts.flatMap((part) => byPixels[part])).filter((members) => several(members, 'pixelHash')),
    ),
  ]
}

/** Numbers of the pictures that hang together. */
function nearClusters(pictures: readonly Picture[]): readonly (readonly number[])[] {
  const parents = pictures.map((_, index) => index)
  const rootOf = (index: number): number => {
    while (parents[index] !== index) index = parents[index] = parents[parents[index]]
    return index
  }
  for (let a = 0; a < pictures.length; a++)
    for (let b = 0; b < a; b++) if (isNear(pictures[a], pictures[b])) parents[rootOf(a)] = rootOf(b)
  return [...groupedBy(pictures.keys(), rootOf).values()]
}

interface Picture {
  readonly high: number
  readonly low: number
  /** Brightness of the cells, mean 0 and length 1; undefined where all are equal. */
  readonly cells: Float64Array | undefined
}

function pictureOf({ differenceHash, thumbnail }: ScannedImage): Picture {
  const bytes = Buffer.from(thumbnail, 'base64')
  const mean = bytes.reduce((sum, value) => sum + value, 0) / bytes.length
  const centred = Float64Array.from(bytes, (value) => value - mean)
  const length = Math.hypot(...centred)
  return {
    high: Number.parseInt(differenceHash.slice(0, 8), 16) | 0,
    low: Number.parseInt(differenceHash.slice(8), 16) | 0,
    // A flat picture is like every other of its hash; only equal pixels tell then.
    cells: length < 1 ? undefined : centred.map((value) => value / length),
  }
}

function isNear(a: Picture, b: Picture): boolean {
  if (differingBits(a.high, b.high) + differingBits(a.low, b.low) > mostBits) return false
  if (a.cells === undefined || b.cells === undefined) return false
  let correlation = 0
  for (let i = 0; i < a.cells.length; i++) correlation += a.cells[i] * b.cells[i]
  return correlation >= leastCorrelation
}
