import * as z from 'zod'
import { scaleLevels } from '../pixels/lookUp.ts'
import { aroundZero, drawFrom, range } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const randomBrightnessContrast = defineDrawnTransform({
  name: 'RandomBrightnessContrast',
  summary: 'Multiplies gray levels by a random contrast and adds a random brightness.',
  arguments: z.object({
    brightness_limit: range(0.2, -10, 10).describe(
      'Brightness is drawn from this range, as a share of the brightest (or mean) level; one number l means −l … l (default 0.2).',
    ),
    contrast_limit: range(0.2, -10, 10).describe(
      'Contrast is one plus a number drawn from this range; one number l means −l … l (default 0.2).',
    ),
    brightness_by_max: z
      .boolean()
      .default(true)
      .describe("Brightness is a share of 255; if false, of the image's own mean (default true)."),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: ({ image }, { contrast_limit, brightness_limit, brightness_by_max }, random) => ({
    factor: 1 + drawFrom(aroundZero(contrast_limit), random),
    added: drawFrom(aroundZero(brightness_limit), random) * (brightness_by_max ? 255 : mean(image)),
  }),
  perform: (sample, { factor, added }) => scaleLevels(sample, factor, added),
})

function mean(image: Uint8Array): number {
  let sum = 0
  for (const v of image) sum += v
  return image.length === 0 ? 0 : sum / image.length
}
