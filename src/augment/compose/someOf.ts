import * as z from 'zod'
import type { Nesting, NestedTransform } from './composers.ts'
import { drawWeighted, weighted } from './drawWeighted.ts'
import type { Size } from '../sample.ts'
import { distinctSizes } from './sizes.ts'
import { sizesAfterStep, type Step } from './steps.ts'
import { defineTransform, probability, type Random, type Transform } from '../transform.ts'

/** SomeOf of Albumentations: the transforms' own p are weights here. */
export function someOf({ list, get }: Nesting): Transform {
  return defineTransform({
    name: 'SomeOf',
    summary: 'Applies n of several transforms, in the order of the list.',
    arguments: z.object({
      transforms: weighted(list).describe('Transforms of which n are applied; of their p only the proportions count.'),
      n: z.int().min(1).max(64).default(1).describe('How many are applied, at most as many as there are (default 1).'),
      replace: z.boolean().default(false).describe('The same one may be drawn several times (default false).'),
      p: probability(1),
    }),
    outputSizes: (size, { transforms, n, replace }) => {
      const steps = transforms.filter(({ p }) => p > 0).map((args) => ({ transform: get(args.name), args: { ...args, p: 1 } })) // prettier-ignore
      return sizesAfterSome(size, steps, replace ? n : most(transforms, n), replace)
    },
    apply: (sample, { transforms, n, replace }, random) =>
      drawSome(transforms, n, replace, random).reduce(
        (current, args) => get(args.name).apply(current, args, random),
        sample,
      ),
  })
}

/** Every size after exactly `n` of the steps in their order. */
function sizesAfterSome(size: Size, steps: readonly Step[], n: number, replace: boolean): readonly Size[] {
  /** Sizes by the number of steps that have been applied. */
  const reached: (readonly Size[])[] = Array.from({ length: n + 1 }, (_, count) => (count === 0 ? [size] : []))
  const counts = Array.from({ length: n }, (_, i) => (replace ? i : n - 1 - i))
  steps.forEach((step, i) => {
    for (const count of counts) {
      const comesToN = replace || count + steps.length - i >= n
      if (comesToN) reached[count + 1] = distinctSizes([...reached[count + 1], ...sizesAfterStep(reached[count], step)])
    }
  })
  return reached[n]
}

/** What can be drawn without putting back. */
function most(transforms: readonly NestedTransform[], n: number): number {
  return Math.min(n, transforms.filter(({ p }) => p > 0).length)
}

function drawSome(
  transforms: readonly NestedTransform[],
  n: number,
  replace: boolean,
  random: Random,
): readonly NestedTransform[] {
  const weights = transforms.map(({ p }) => p)
  const drawn = Array.from({ length: replace ? n : most(transforms, n) }, () => {
    const position = drawWeighted(random, weights)
    if (!replace) weights[position] = 0
    return position
  })
  return drawn.sort((a, b) => a - b).map((position) => transforms[position])
}
