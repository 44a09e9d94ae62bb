import type { Size } from '../sample.ts'
import type { Random } from '../transform.ts'
import type { MixedBatch } from './mix.ts'

/** Pixels left … right − 1 of rows top … bottom − 1. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * A box about (x, y) that leaves the share λ of an image, clipped at its borders; odd sizes lose a pixel (Yun et al., ICCV
 * 2019, their code).
 */
export function cutBox(share: number, { height, width }: Size, x: number, y: number): Box {
  const root = Math.sqrt(1 - share)
  const [halfWidth, halfHeight] = [Math.floor(width * root) >> 1, Math.floor(height * root) >> 1]
  return {
    left: Math.max(0, x - halfWidth),
    top: Math.max(0, y - halfHeight),
    right: Math.min(width, x + halfWidth),
    bottom: Math.min(height, y + halfHeight),
  }
}

/** The same about a random pixel. */
export function drawBox(share: number, size: Size, random: Random): Box {
  return cutBox(share, size, random.integer(size.width), random.integer(size.height))
}

export function boxArea({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top)
}

/** What images looked like before they were mixed. */
export type Unmixed = Pick<MixedBatch, 'image' | 'target'>

export function copyOf({ image, target }: MixedBatch): Unmixed {
  return { image: image.slice(), target: target.slice() }
}

/** Copies a box with its labels from image `from` to the place (left, top) of image `to`. */
export function pasteBox(
  batch: MixedBatch,
  source: Unmixed,
  [to, from]: readonly [number, number],
  box: Box,
  { left, top }: { readonly left: number; readonly top: number } = box,
): void {
  const { height, width } = batch
  for (let y = 0; y < box.bottom - box.top; y++) {
    const read = (box.top + y) * width + box.left
    const write = (top + y) * width + left
    const length = box.right - box.left
    for (let channel = 0; channel < 3; channel++) {
      const start = (from * 3 + channel) * height * width + read
      batch.image.set(source.image.subarray(start, start + length), (to * 3 + channel) * height * width + write)
    }
    const start = from * height * width + read
    batch.target.set(source.target.subarray(start, start + length), to * height * width + write)
  }
}

/** Copies the pixels that `isPasted` names, with their labels, from image `from` to the same place of image `to`. */
export function pastePixels(
  batch: MixedBatch,
  source: Unmixed,
  [to, from]: readonly [number, number],
  isPasted: (pixel: number) => boolean,
): void {
  const area = batch.height * batch.width
  for (let pixel = 0; pixel < area; pixel++) {
    if (!isPasted(pixel)) continue
    batch.target[to * area + pixel] = source.target[from * area + pixel]!
    for (let channel = 0; channel < 3; channel++)
      batch.image[(to * 3 + channel) * area + pixel] = source.image[(from * 3 + channel) * area + pixel]!
  }
}
