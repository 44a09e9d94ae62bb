import * as z from 'zod'
import { equalizeTiles } from '../pixels/equalize.ts'
import { labToRgb, rgbToLab } from '../pixels/lab.ts'
import { drawFrom, range, upTo } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

const tiles = z.number().int().min(1).max(256)

export const clahe = defineDrawnTransform({
  name: 'CLAHE',
  summary: 'Contrast-limited adaptive histogram equalisation of the lightness (8-bit Lab).',
  arguments: z.object({
    clip_limit: range(4, 1, 1000).describe(
      'How many times the even share a bin of the histogram may hold is drawn from this range; one number c means 1 … c (default 4).',
    ),
    tile_grid_size: z
      .tuple([tiles, tiles])
      .default([8, 8])
      .describe('Tiles across and down, each with a histogram of its own (default [8, 8]).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (_sample, { clip_limit, tile_grid_size: [columns, rows] }, random) => ({
    limit: drawFrom(upTo(clip_limit, 1), random),
    tiles: { columns, rows },
  }),
  perform(sample, { limit, tiles }) {
    const lab = rgbToLab(sample.image)
    const lightness = new Uint8Array(lab.length / 3)
    for (let i = 0; i < lightness.length; i++) lightness[i] = lab[i * 3]!
    const equalized = equalizeTiles(lightness, sample, limit, tiles)
    for (let i = 0; i < equalized.length; i++) lab[i * 3] = equalized[i]!
    return { ...sample, image: labToRgb(lab) }
  },
})
