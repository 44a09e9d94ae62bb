import * as z from 'zod'
import { defineTransform, probability, type Random } from './transform.ts'

const limit = z
  .union([z.number().min(0).max(10), z.tuple([z.number().min(-10).max(10), z.number().min(-10).max(10)])])
  .default(0.2)

export const randomBrightnessContrast = defineTransform({
  name: 'RandomBrightnessContrast',
  summary: 'Multiplies gray levels by a random contrast and adds a random brightness.',
  arguments: z.object({
    brightness_limit: limit.describe(
      'Brightness is drawn from this range, as a share of the brightest (or mean) level; one number l means −l … l (default 0.2).',
    ),
    contrast_limit: limit.describe(
      'Contrast is one plus a number drawn from this range; one number l means −l … l (default 0.2).',
    ),
    brightness_by_max: z
      .boolean()
      .default(true)
      .describe("Brightness is a share of 255; if false, of the image's own mean (default true)."),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  apply(sample, args, random) {
    const contrast = 1 + drawFrom(args.contrast_limit, random)
    const brightness = drawFrom(args.brightness_limit, random)
    const added = brightness * (args.brightness_by_max ? 255 : mean(sample.image))
    const table = Uint8Array.from({ length: 256 }, (_, v) =>
      Math.min(255, Math.max(0, Math.round(v * contrast + added))),
    )
    return { ...sample, image: sample.image.map((v) => table[v]) }
  },
})

function drawFrom(range: number | readonly [number, number], random: Random): number {
  const [low, high] = typeof range === 'number' ? [-range, range] : range
  return low + (high - low) * random.next()
}

function mean(image: Uint8Array): number {
  let sum = 0
  for (const v of image) sum += v
  return image.length === 0 ? 0 : sum / image.length
}
