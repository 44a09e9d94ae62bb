import * as z from 'zod'
import type { Nesting, NestedTransform } from './composers.ts'
import type { Size } from '../sample.ts'
import { distinctSizes } from './sizes.ts'
import { applySteps, sizesAfterStep, type Step } from './steps.ts'
import { defineTransform, probability, type Transform } from '../transform.ts'

/** Sequential of Albumentations: a list within the list, for OneOf and SomeOf or under one p. */
export function sequential({ list, get }: Nesting): Transform {
  const steps = (transforms: readonly NestedTransform[]): readonly Step[] =>
    transforms.map((args) => ({ transform: get(args.name), args }))
  return defineTransform({
    name: 'Sequential',
    summary: 'Applies several transforms in order, each with its own p.',
    arguments: z.object({
      transforms: list.describe('Transforms in the order in which they are applied.'),
      p: probability(0.5),
    }),
    outputSizes: (size, { transforms }) =>
      steps(transforms).reduce<readonly Size[]>(
        (possible, step) => distinctSizes(sizesAfterStep(possible, step)),
        [size],
      ),
    apply: (sample, { transforms }, random) => applySteps(sample, steps(transforms), random),
  })
}
