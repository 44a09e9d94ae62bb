import type { Arrays } from '../../engines/engine.ts'
import type { RandomInput } from '../../model/networkParts.ts'

/** Stochastic depth and dropout that drop nothing: a branch that is off by chance would look broken. */
export function allBranches(inputs: readonly RandomInput[], images: number): Arrays {
  return Object.fromEntries(
    inputs.map(({ name, valuesPerImage }) => [name, new Float32Array(images * valuesPerImage).fill(1)]),
  )
}
