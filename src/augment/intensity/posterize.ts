import * as z from 'zod'
import { levels, lookUpChannels } from '../pixels/lookUp.ts'
import { drawInteger } from '../ranges.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

const bits = z.number().int().min(1).max(7)
const bitRange = z.tuple([bits, bits])

export const posterize = defineDrawnTransform({
  name: 'Posterize',
  summary: 'Keeps only the highest bits of every value.',
  arguments: z.object({
    num_bits: z
      .union([bits, bitRange, z.tuple([bitRange, bitRange, bitRange])])
      .default(4)
      .describe('Bits that are kept: a number, a range, or a range for each of red, green and blue (default 4).'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw(_sample, { num_bits: given }, random) {
    if (typeof given !== 'number' && given.length === 3)
      return given.map((one) => drawInteger(one, random)) as [number, number, number]
    const drawn = drawInteger(typeof given === 'number' ? [given, given] : given, random)
    return [drawn, drawn, drawn] as [number, number, number]
  },
  perform(sample, kept) {
    const [red, green, blue] = kept.map((count) => levels((v) => v & ~(2 ** (8 - count) - 1)))
    return lookUpChannels(sample, [red, green, blue])
  },
})
