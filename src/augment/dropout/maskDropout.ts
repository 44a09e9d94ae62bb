import * as z from 'zod'
import { colorOf, fillMask } from '../warp/border.ts'
import { connectedRegions } from './connectedRegions.ts'
import { drawInteger, type Range } from '../ranges.ts'
import { ignoredLabel, type Sample } from '../sample.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

const objects = z.int().min(1).max(100_000)

interface DroppedObjects {
  /** [height, width]: 1 where a pixel is dropped; undefined where nothing is. */
  readonly isDropped: Uint8Array | undefined
  readonly fill: number
  readonly fillMask: number
}

export const maskDropout = defineDrawnTransform({
  name: 'MaskDropout',
  summary:
    'Removes random objects, connected pixels of one class, from image and mask; class 0 and ignored pixels stay.',
  arguments: z.object({
    max_objects: z
      .union([
        objects,
        z
          .tuple([objects, objects])
          .refine(([low, high]) => low <= high, 'the first number must not be larger than the second'),
      ])
      .default(1)
      .describe('Number of objects, drawn from this range; one number n means 1 … n (default 1).'),
    fill: z.int().min(0).max(255).default(0).describe('Gray level of removed objects (default 0).'),
    fill_mask: fillMask.describe(
      'Label of removed objects; 255 is ignored in loss and scores (default 255; Albumentations writes 0, which is a class).',
    ),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (sample, args, random): DroppedObjects => {
    const { fill, fill_mask } = args
    const range: Range = typeof args.max_objects === 'number' ? [1, args.max_objects] : args.max_objects
    const { regions, count } = connectedRegions(sample, [0, ignoredLabel])
    const wanted = Math.min(count, drawInteger(range, random))
    if (wanted === 0) return { isDropped: undefined, fill, fillMask: fill_mask }
    const chosen = random.shuffle(Array.from({ length: count }, (_, region) => region + 1)).slice(0, wanted)
    return { isDropped: pixelsOf(regions, chosen, count), fill, fillMask: fill_mask }
  },
  perform: (sample: Sample, { isDropped, fill, fillMask }) => {
    if (isDropped === undefined) return sample
    const image = sample.image.slice()
    const mask = sample.mask.slice()
    const [red, green, blue] = colorOf(fill)
    for (let i = 0; i < mask.length; i++) {
      if (isDropped[i] === 0) continue
      mask[i] = fillMask
      image[i * 3] = red
      image[i * 3 + 1] = green
      image[i * 3 + 2] = blue
    }
    return { ...sample, image, mask }
  },
})

/** 1 for each pixel of the regions, which are 1 … `count`. */
function pixelsOf(regions: Int32Array, chosen: readonly number[], count: number): Uint8Array {
  const isChosen = new Uint8Array(count + 1)
  for (const region of chosen) isChosen[region] = 1
  const isDropped = new Uint8Array(regions.length)
  for (let i = 0; i < regions.length; i++) isDropped[i] = isChosen[regions[i]]
  return isDropped
}
