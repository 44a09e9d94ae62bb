import { stream } from '../core/random.ts'
import type { Arrays } from '../engines/engine.ts'
import type { RandomInput } from '../model/networkParts.ts'

/** Stochastic depth and dropout of one batch: each value 0 or 1/(1 − rate), from (seed, batch) alone, so that resume repeats it. */
export function randomFactors(inputs: readonly RandomInput[], images: number, seed: number, batch: number): Arrays {
  return Object.fromEntries(
    inputs.map(({ name, rate, valuesPerImage }) => {
      const random = stream(seed, 'stochastic depth', name, batch)
      const factors = new Float32Array(images * valuesPerImage)
      for (let index = 0; index < factors.length; index++) factors[index] = random.next() < rate ? 0 : 1 / (1 - rate)
      return [name, factors]
    }),
  )
}
