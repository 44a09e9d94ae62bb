import * as z from 'zod'
import { throughHsv } from '../pixels/hsv.ts'
import { levels } from '../pixels/lookUp.ts'
import { aroundZero, drawFrom, range } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const hueSaturationValue = defineDrawnTransform({
  name: 'HueSaturationValue',
  summary: 'Adds random numbers to hue, saturation and value (8-bit HSV).',
  arguments: z.object({
    hue_shift_limit: range([-20, 20], -180, 180).describe(
      'Shift of the hue in steps of 2 degrees; one number l means −l … l (default [-20, 20]).',
    ),
    sat_shift_limit: range([-30, 30], -255, 255).describe(
      'Shift of the saturation, which is 0 … 255; one number l means −l … l (default [-30, 30]).',
    ),
    val_shift_limit: range([-20, 20], -255, 255).describe(
      'Shift of the value, which is 0 … 255; one number l means −l … l (default [-20, 20]).',
    ),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (_sample, { hue_shift_limit, sat_shift_limit, val_shift_limit }, random) => ({
    hue: drawFrom(aroundZero(hue_shift_limit), random),
    saturation: drawFrom(aroundZero(sat_shift_limit), random),
    value: drawFrom(aroundZero(val_shift_limit), random),
  }),
  perform: (sample, { hue, saturation, value }) => ({
    ...sample,
    image: throughHsv(sample.image, {
      // Truncated, as Albumentations does.
      hue: levels((v) => Math.floor((((v + hue) % 180) + 180) % 180)),
      saturation: levels((v) => v + saturation),
      value: levels((v) => v + value),
    }),
  }),
})
