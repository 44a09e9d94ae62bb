import { kernelsWith, layOut } from './kernels/kernels.ts'
import type { Border } from './warp/border.ts'
import { setSource } from './warp/warp.ts'
import type { Corner } from './cutWindow.ts'
import type { Sample, Size } from './sample.ts'

/** How the border is divided between the two sides of each axis. */
export const padPositions = ['center', 'top_left', 'top_right', 'bottom_left', 'bottom_right', 'random'] as const
export type PadPosition = (typeof padPositions)[number]

/**
 * Where the upper left pixel of an image comes to lie in a larger one; in the centre half of the border, rounded down, is before it.
 * @param integer uniform in 0 … n − 1, for a random position
 */
export function padCorner(image: Size, size: Size, position: PadPosition, integer: (n: number) => number): Corner {
  const [vertical, horizontal] = [size.height - image.height, size.width - image.width]
  if (position === 'random') return { top: integer(vertical + 1), left: integer(horizontal + 1) }
  if (position === 'center') return { top: vertical >> 1, left: horizontal >> 1 }
  return { top: position.startsWith('top') ? 0 : vertical, left: position.endsWith('left') ? 0 : horizontal }
}

/** The image inside a larger one of `size`, its upper left pixel at `corner`. */
export function pad(sample: Sample, { height, width }: Size, { top, left }: Corner, border: Border): Sample {
  const { image, mask } = sample
  const area = height * width
  const [imageFrom, maskFrom, imageTo, maskTo, end] = layOut(image.length + 4, mask.length, area * 3 + 4, area)
  const { run, buffer } = kernelsWith(end)
  new Uint8Array(buffer, imageFrom, image.length).set(image)
  new Uint8Array(buffer, maskFrom, mask.length).set(mask)
  setSource(run, sample, border, imageFrom, maskFrom)
  run.padSource(top, left, height, width, imageTo, maskTo)
  return {
    image: new Uint8Array(buffer, imageTo, area * 3).slice(),
    mask: new Uint8Array(buffer, maskTo, area).slice(),
    height,
    width,
  }
}
