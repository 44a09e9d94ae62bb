import { describe, expect, it } from 'vitest'
import { autocast } from '../../src/graph/passes/autocast.ts'
import { fuseConvolutions } from '../../src/graph/passes/fuseConvolutions.ts'
import { fuseGradientSums } from '../../src/graph/passes/fuseGradientSums.ts'
import type { HalfType } from '../../src/graph/tensor.ts'
import { convolutionCases } from './gradientCases/convolution.ts'
import { roundings } from './gradientCases/half.ts'
import { feedsOf, prepare, withGradients, withLoss } from './gradientChecks.ts'
import type { Results, Run } from './runLowered.ts'

/** Every convolution in half precision through one lowering or engine, against the same one in float32. */
export function autocastChecks(title: string, run: Run, halfTypes: readonly HalfType[]): void {
  describe.each(halfTypes)(`${title}: convolutions in %s`, (half) => {
    it.each(convolutionCases)('$title', async (each) => {
      const { forward: operation, feeds, differentiated } = prepare(each)
      const forward = fuseConvolutions(withLoss(operation))
      const gradients = (source: typeof forward) => fuseGradientSums(withGradients(source, differentiated))
      const whole = valuesOf(await run(gradients(forward), feedsOf(feeds)))
      const rounded = valuesOf(await run(gradients(autocast(forward, half)), feedsOf(feeds)))
      const differences = Array.from(whole, ([name, values]) => {
        const found = rounded.get(name)!
        const distance = Math.hypot(...values.map((value, index) => value - found[index]))
        return [name, distance / Math.max(Math.hypot(...values), 0.1)] as const
      })
      // Map, weight and product are rounded, the gradient that comes in as well.
      expect(differences.filter(([, difference]) => !(difference < 4 * roundings[half]))).toEqual([])
      expect(Math.max(...differences.map(([, difference]) => difference))).toBeGreaterThan(roundings[half] / 8)
    })
  })
}

/** Results and gradients by name; the loss is a sum whose terms cancel. */
function valuesOf({ results, gradients }: Results): ReadonlyMap<string, readonly number[]> {
  const named = [...results, ...gradients].filter(([name]) => name !== 'loss' && name !== 'gradient')
  return new Map(named.map(([name, values]) => [name, Array.from(values)]))
}
