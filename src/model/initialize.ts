import { stream } from '../core/random.ts'
import { size } from '../graph/tensor.ts'
import type { Distribution } from './initializers.ts'
import type { Declaration } from './networkParts.ts'
import type { StateDict } from './stateDict.ts'

/**
 * A fresh state dict: every tensor from its own stream of (seed, key), so that another decoder leaves the encoder's
 * numbers as they are.
 */
export function initialState(declarations: readonly Declaration[], seed: number): StateDict {
  return new Map(
    declarations.map(({ key, shape, initial, kind }) => [
      key,
      { shape, data: kind === 'counter' ? new BigInt64Array(1) : draw(initial, size(shape), seed, key) },
    ]),
  )
}

function draw(distribution: Distribution, length: number, seed: number, key: string): Float32Array {
  const values = new Float32Array(length)
  if (distribution.kind === 'constant') return values.fill(distribution.value)
  const random = stream(seed, 'initialize', key)
  if (distribution.kind === 'uniform') {
    const { bound } = distribution
    for (let index = 0; index < length; index++) values[index] = bound * (2 * random.next() - 1)
  } else {
    for (let index = 0; index < length; index++) values[index] = distribution.deviation * random.normal()
  }
  return values
}
