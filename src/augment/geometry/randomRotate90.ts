import * as z from 'zod'
import { applySymmetry, type SymmetryName } from '../symmetry.ts'
import { defineTransform, probability } from '../transform.ts'

/** By the number of quarter turns counter-clockwise, as numpy.rot90. */
const turns: readonly SymmetryName[] = ['e', 'r90', 'r180', 'r270']

export const randomRotate90 = defineTransform({
  name: 'RandomRotate90',
  summary: 'Turns by 0, 90, 180 or 270 degrees counter-clockwise, each equally likely.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [size, { height: size.width, width: size.height }],
  apply: (sample, _args, random) => applySymmetry(sample, turns[random.integer(4)]),
})
