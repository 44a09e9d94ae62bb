import type { Nesting } from './composers.ts'
import type { Random } from '../transform.ts'

/** A list of transforms whose p are weights: one of them is above 0. */
export function weighted(list: Nesting['list']): Nesting['list'] {
  return list.refine((transforms) => transforms.some(({ p }) => p > 0), 'at least one p must be above 0')
}

/** A position in the list, as likely as its weight is large beside the others; their sum is positive. */
export function drawWeighted(random: Random, weights: readonly number[]): number {
  let rest = random.next() * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [position, weight] of weights.entries()) {
    if (rest < weight) return position
    rest -= weight
  }
  return weights.findLastIndex((weight) => weight > 0)
}
