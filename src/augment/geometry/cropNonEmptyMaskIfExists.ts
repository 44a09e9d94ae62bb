import * as z from 'zod'
import { cropSize } from './cropSize.ts'
import type { Corner } from '../cutWindow.ts'
import { ignoredLabel, type Sample, type Size } from '../sample.ts'
import { crop } from '../stridedCopy.ts'
import { defineDrawnTransform, pixels, probability } from '../transform.ts'

const name = 'CropNonEmptyMaskIfExists'

export const cropNonEmptyMaskIfExists = defineDrawnTransform({
  name,
  summary:
    'Cuts out a part of fixed size around a random pixel of any class but 0, or a random part where the mask has none.',
  arguments: z.object({
    height: pixels('Height of the crop in pixels.'),
    width: pixels('Width of the crop in pixels.'),
    ignore_values: z
      .array(z.int().min(0).max(255))
      .nullable()
      .default(null)
      .describe('Classes that attract no crop, beside 0 and ignored pixels (default null, which is none).'),
    p: probability(1),
  }),
  outputSizes: (size, args) => [cropSize(size, args, sizeMessage(size, args), name)],
  draw: (sample, { height, width, ignore_values }, random): Size & Corner => {
    cropSize(sample, { height, width }, sizeMessage(sample, { height, width }), name)
    const attracting = attractingLabels(ignore_values ?? [])
    const count = countOf(sample.mask, attracting)
    if (count === 0)
      return { height, width, left: random.integer(sample.width - width + 1), top: random.integer(sample.height - height + 1) } // prettier-ignore
    const pixel = positionOf(sample.mask, attracting, random.integer(count))
    const left = (pixel % sample.width) - random.integer(width)
    const top = Math.floor(pixel / sample.width) - random.integer(height)
    return {
      height,
      width,
      left: Math.min(Math.max(left, 0), sample.width - width),
      top: Math.min(Math.max(top, 0), sample.height - height),
    }
  },
  perform: (sample: Sample, window) => crop(sample, window.top, window.left, window),
})

/** Albumentations' own words. */
function sizeMessage(image: Size, { height, width }: Size): string {
  return `Crop size (${height},${width}) is larger than image (${image.height},${image.width})`
}

/** By label: 1 where a pixel of it attracts crops. */
function attractingLabels(ignored: readonly number[]): Uint8Array {
  const attracting = new Uint8Array(256).fill(1)
  for (const label of [0, ignoredLabel, ...ignored]) attracting[label] = 0
  return attracting
}

function countOf(mask: Uint8Array, attracting: Uint8Array): number {
  let count = 0
  for (let i = 0; i < mask.length; i++) count += attracting[mask[i]]
  return count
}

/** Of the attracting pixel number `rank`, in reading order. */
function positionOf(mask: Uint8Array, attracting: Uint8Array, rank: number): number {
  for (let i = 0, seen = 0; i < mask.length; i++) {
    seen += attracting[mask[i]]
    if (seen > rank) return i
  }
  throw new Error('There are fewer attracting pixels than were counted')
}
