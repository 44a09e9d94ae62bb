import * as z from 'zod'
import { drawResizedCrop } from './resizedCrop.ts'
import type { Size } from '../sample.ts'
import { resizeSample } from '../resizeSample.ts'
import { interpolation } from './resizeArguments.ts'
import { crop } from '../stridedCopy.ts'
import { defineDrawnTransform, pixels, probability } from '../transform.ts'

const side = pixels('Pixels.')
const increasing = ([low, high]: readonly [number, number]): boolean => low <= high

export const randomResizedCrop = defineDrawnTransform({
  name: 'RandomResizedCrop',
  summary: 'Cuts out a part of random area and shape and brings it to one size.',
  arguments: z
    .object({
      size: z
        .tuple([side, side])
        .nullable()
        .default(null)
        .describe('[height, width] after resizing in pixels; null where height and width are given (default null).'),
      height: pixels('').nullable().default(null).describe('Height in place of size, in pixels (default null).'),
      width: pixels('').nullable().default(null).describe('Width in place of size, in pixels (default null).'),
      scale: z
        .tuple([z.number().min(0.0001).max(1), z.number().min(0.0001).max(1)])
        .refine(increasing, 'the first number must not be larger than the second')
        .default([0.08, 1])
        .describe("The part's share of the image's area (default [0.08, 1])."),
      ratio: z
        .tuple([z.number().min(0.01).max(100), z.number().min(0.01).max(100)])
        .refine(increasing, 'the first number must not be larger than the second')
        .default([0.75, 4 / 3])
        .describe('Width over height of the part, log-uniform (default [0.75, 1.3333]).'),
      interpolation,
      p: probability(1),
    })
    .refine(
      ({ size, height, width }) =>
        (size === null) === (height !== null && width !== null) && (height === null) === (width === null),
      {
        path: ['size'],
        message: 'either size or both height and width must be given; set the other to null',
      },
    ),
  outputSizes: (_size, args) => [sizeOf(args)],
  draw: (sample, args, random) => ({
    window: drawResizedCrop(sample, args.scale, args.ratio, random),
    size: sizeOf(args),
    interpolation: args.interpolation,
  }),
  perform: (sample, { window, size, interpolation }) =>
    resizeSample(crop(sample, window.top, window.left, window), size, interpolation),
})

function sizeOf(args: {
  readonly size: readonly [number, number] | null
  readonly height: number | null
  readonly width: number | null
}): Size {
  const [height, width] = args.size ?? [args.height!, args.width!]
  return { height, width }
}
