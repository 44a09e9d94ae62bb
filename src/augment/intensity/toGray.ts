import * as z from 'zod'
import { grayImage } from '../pixels/gray.ts'
import { rgbToLab } from '../pixels/lab.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

type Gray = (red: number, green: number, blue: number) => number

/** Gray level of a colour; the average by weight has a kernel, the way by Lab needs the whole picture at once. */
const methods = {
  desaturation: (r, g, b) => (Math.max(r, g, b) + Math.min(r, g, b)) / 2,
  average: (r, g, b) => (r + g + b) / 3,
  max: (r, g, b) => Math.max(r, g, b),
} as const satisfies Readonly<Record<string, Gray>>

export const toGray = defineDrawnTransform({
  name: 'ToGray',
  summary: 'Replaces colours by their gray level, in all three channels.',
  arguments: z.object({
    method: z
      .enum(['weighted_average', 'from_lab', 'desaturation', 'average', 'max'])
      .default('weighted_average')
      .describe('How a gray level is made of a colour (default weighted_average: 0.299 R + 0.587 G + 0.114 B).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (_sample, { method }) => method,
  perform(sample, method) {
    if (method === 'weighted_average') return { ...sample, image: grayImage(sample.image) }
    const image = method === 'from_lab' ? rgbToLab(sample.image) : sample.image
    const gray: Gray = method === 'from_lab' ? (lightness) => lightness : methods[method]
    const output = new Uint8ClampedArray(image.length)
    for (let i = 0; i < image.length; i += 3) {
      output[i] = gray(image[i], image[i + 1], image[i + 2])
      output[i + 1] = output[i + 2] = output[i]
    }
    return { ...sample, image: new Uint8Array(output.buffer) }
  },
})
