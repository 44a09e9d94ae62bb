import * as z from 'zod'
import { polygonRows, type Point } from '../pixels/polygon.ts'
import { drawFrom, drawInteger, pair } from '../ranges.ts'
import type { Sample } from '../sample.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

const share = z.number().min(0).max(1)
const count = z.number().int().min(1).max(100)

interface Shadow {
  readonly corners: readonly Point[]
  /** 0 leaves the image, 1 is black. */
  readonly intensity: number
}

export const randomShadow = defineDrawnTransform({
  name: 'RandomShadow',
  summary: 'Darkens random polygons.',
  arguments: z.object({
    shadow_roi: z
      .tuple([share, share, share, share])
      .refine(([left, top, right, bottom]) => left < right && top < bottom, {
        message: 'left must be less than right, top less than bottom',
      })
      .default([0, 0.5, 1, 1])
      .describe('Part of the image in which corners lie: left, top, right, bottom as shares (default [0, 0.5, 1, 1]).'),
    num_shadows_limit: z.tuple([count, count]).default([1, 2]).describe('Number of polygons (default [1, 2]).'),
    shadow_dimension: z.number().int().min(3).max(100).default(5).describe('Corners of a polygon (default 5).'),
    shadow_intensity_range: pair([0.5, 0.5], 0, 1).describe('Share of the light that is taken (default [0.5, 0.5]).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw({ height, width }, args, random): readonly Shadow[] {
    const [left, top, right, bottom] = args.shadow_roi
    const within = (low: number, high: number, length: number): number => {
      const first = Math.floor(low * length)
      return first + random.integer(Math.max(1, Math.floor(high * length) - first))
    }
    return Array.from({ length: drawInteger(args.num_shadows_limit, random) }, () => ({
      corners: Array.from({ length: args.shadow_dimension }, () => ({
        x: within(left, right, width),
        y: within(top, bottom, height),
      })),
      intensity: drawFrom(args.shadow_intensity_range, random),
    }))
  },
  perform(sample, shadows) {
    const image = sample.image.slice()
    for (const shadow of shadows) darken(image, sample, shadow)
    return { ...sample, image }
  },
})

function darken(image: Uint8Array, size: Sample, { corners, intensity }: Shadow): void {
  for (const { y, first, last } of polygonRows(corners, size))
    for (let i = (y * size.width + first) * 3; i < (y * size.width + last + 1) * 3; i++)
      image[i] = Math.floor(image[i] * (1 - intensity) + 0.5)
}
