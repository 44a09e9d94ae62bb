import * as z from 'zod'
import { colorOf, fillColor, type Color } from '../warp/border.ts'
import type { Corner } from '../cutWindow.ts'
import type { Sample, Size } from '../sample.ts'
import type { Random } from '../transform.ts'

/** A rectangle in pixels, inside the image. */
export type Hole = Size & Corner

const level = z.int().min(0).max(255)

/** What a hole of the image is filled with. */
export const holeFill = z
  .union([level, z.tuple([level, level, level]), z.enum(['random', 'random_uniform'])])
  .default(0)
  .describe('Gray level or RGB of the holes; random gives every pixel a colour, random_uniform every hole (default 0).')

/** What a hole of the mask is filled with. */
export const holeFillMask = level
  .nullable()
  .default(null)
  .describe(
    'Label of the holes, e.g. 255 to ignore them in loss and scores; null leaves the mask as it is (default null).',
  )

/** Holes with what they are filled with. */
export interface Holes {
  readonly holes: readonly Hole[]
  readonly fill: number | Color | 'random' | 'random_uniform'
  readonly fillMask: number | null
  /** For random colours. */
  readonly random: Random
}

/** A copy of the sample with holes; they may overlap. */
export function cutHoles(sample: Sample, { holes, fill, fillMask, random }: Holes): Sample {
  if (holes.length === 0) return sample
  const image = sample.image.slice()
  for (const hole of holes) fillHole(image, sample.width, hole, fill, random)
  if (fillMask === null) return { ...sample, image }
  const mask = sample.mask.slice()
  for (const { top, left, height, width } of holes)
    for (let y = top; y < top + height; y++)
      mask.fill(fillMask, y * sample.width + left, y * sample.width + left + width)
  return { ...sample, image, mask }
}

function fillHole(image: Uint8Array, stride: number, hole: Hole, fill: Holes['fill'], random: Random): void {
  const level = (): number => random.integer(256)
  if (fill === 'random')
    forEachRow(hole, stride, (start, end) => {
      for (let i = start * 3; i < end * 3; i++) image[i] = level()
    })
  else {
    const color: Color = fill === 'random_uniform' ? [level(), level(), level()] : colorOf(fill)
    forEachRow(hole, stride, (start, end) => {
      fillColor(image, start, end, color)
    })
  }
}

/** First pixel and the one after the last of each of its rows. */
function forEachRow(
  { top, left, height, width }: Hole,
  stride: number,
  act: (start: number, end: number) => void,
): void {
  for (let y = top; y < top + height; y++) act(y * stride + left, y * stride + left + width)
}
