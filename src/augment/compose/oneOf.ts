import * as z from 'zod'
import type { Nesting } from './composers.ts'
import { drawWeighted, weighted } from './drawWeighted.ts'
import { defineTransform, probability, type Transform } from '../transform.ts'

/** OneOf of Albumentations: the transforms' own p are weights here. */
export function oneOf({ list, get }: Nesting): Transform {
  return defineTransform({
    name: 'OneOf',
    summary: 'Applies one of several transforms, each as likely as its own p says beside those of the others.',
    arguments: z.object({
      transforms: weighted(list).describe('Transforms of which one is applied; of their p only the proportions count.'),
      p: probability(0.5),
    }),
    outputSizes: (size, { transforms }) =>
      transforms.filter(({ p }) => p > 0).flatMap((args) => get(args.name).outputSizes(size, args)),
    apply: (sample, { transforms }, random) => {
      const weights = transforms.map(({ p }) => p)
      const args = transforms[drawWeighted(random, weights)]
      return get(args.name).apply(sample, args, random)
    },
  })
}
