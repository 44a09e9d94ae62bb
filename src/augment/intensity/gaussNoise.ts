import * as z from 'zod'
import { drawFrom, pair } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const gaussNoise = defineDrawnTransform({
  name: 'GaussNoise',
  summary: 'Adds normal noise to every pixel.',
  arguments: z.object({
    std_range: pair([0.2, 0.44], 0, 1).describe(
      'Standard deviation, as a share of 255, is drawn from this range (default [0.2, 0.44]: strong; 1.3 had 0.012 … 0.028).',
    ),
    mean_range: pair([0, 0], -1, 1).describe('Mean, as a share of 255, is drawn from this range (default [0, 0]).'),
    per_channel: z
      .boolean()
      .default(true)
      .describe('Whether red, green and blue have noise of their own (default true).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: ({ image }, { std_range, mean_range, per_channel }, random) => {
    const deviation = 255 * drawFrom(std_range, random)
    const mean = 255 * drawFrom(mean_range, random)
    const noise = new Float32Array(per_channel ? image.length : image.length / 3)
    for (let i = 0; i < noise.length; i++) noise[i] = mean + deviation * random.normal()
    return noise
  },
  /** @param noise in gray levels, [H, W, 3] or [H, W] */
  perform(sample, noise) {
    const { image } = sample
    const output = new Uint8ClampedArray(image.length)
    if (noise.length === image.length) for (let i = 0; i < image.length; i++) output[i] = image[i] + noise[i]
    else
      for (let i = 0, pixel = 0; i < image.length; i += 3, pixel++)
        for (let c = 0; c < 3; c++) output[i + c] = image[i + c] + noise[pixel]
    return { ...sample, image: new Uint8Array(output.buffer) }
  },
})
