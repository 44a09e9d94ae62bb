import * as z from 'zod'
import { shiftChannels } from '../pixels/lookUp.ts'
import { aroundZero, drawFrom, range } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

const limit = (color: string) =>
  range([-20, 20], -255, 255).describe(
    `What is added to ${color} is drawn from this range, in gray levels; one number l means −l … l (default [-20, 20]).`,
  )

export const rgbShift = defineDrawnTransform({
  name: 'RGBShift',
  summary: 'Adds a random number to each colour.',
  arguments: z.object({
    r_shift_limit: limit('red'),
    g_shift_limit: limit('green'),
    b_shift_limit: limit('blue'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (_sample, { r_shift_limit, g_shift_limit, b_shift_limit }, random) => ({
    red: drawFrom(aroundZero(r_shift_limit), random),
    green: drawFrom(aroundZero(g_shift_limit), random),
    blue: drawFrom(aroundZero(b_shift_limit), random),
  }),
  // A level is whole: rounding the sum half up is rounding what is added.
  perform: (sample, { red, green, blue }) =>
    shiftChannels(sample, [Math.floor(red + 0.5), Math.floor(green + 0.5), Math.floor(blue + 0.5)]),
})
