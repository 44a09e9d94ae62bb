import { stream } from '../core/random.ts'
import type { Arrays } from '../engines/engine.ts'
import type { RandomInput } from '../model/networkBuilder.ts'

/** Stochastic depth of one batch: per branch and image 0 or 1/(1 − rate), from (seed, batch) alone, so that resume repeats it. */
export function randomFactors(inputs: readonly RandomInput[], images: number, seed: number, batch: number): Arrays {
  return Object.fromEntries(
    inputs.map(({ name, rate }) => {
      const random = stream(seed, 'stochastic depth', name, batch)
      return [name, Float32Array.from({ length: images }, () => (random.next() < rate ? 0 : 1 / (1 - rate)))]
    }),
  )
}
