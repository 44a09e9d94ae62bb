import * as z from 'zod'
import { oneOfList } from '../draw.ts'
import { applySymmetry, symmetries } from '../symmetry.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

export const d4 = defineDrawnTransform({
  name: 'D4',
  summary: 'One of the eight symmetries of the square, each equally likely.',
  arguments: z.object({ p: probability(1) }),
  outputSizes: (size) => [size, { height: size.width, width: size.height }],
  draw: (_sample, _args, random) => oneOfList(random, symmetries),
  perform: applySymmetry,
})
