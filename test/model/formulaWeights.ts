import type { NamedTensor } from '../../src/core/safetensors.ts'
import type { Declaration } from '../../src/model/networkParts.ts'
import { size, type Shape } from '../../src/graph/tensor.ts'

// The weight formula hash32-v1: every tensor follows from its key, its shape and a seed (definitions 1.1).

export function hash32(value: number): number {
  let x = value >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** float32 values in [low, high) that depend on nothing but name and seed. */
export function formula(name: string, length: number, seed: number, low: number, high: number): Float32Array {
  const key = hash32(fnv1a32(name) ^ seed)
  const values = new Float32Array(length)
  for (let index = 0; index < length; index++)
    values[index] = low + (high - low) * (hash32(key + Math.imul(index, 0x9e3779b9)) / 4294967296)
  return values
}

export type WeightFormula = 'hash32-v1' | 'hash32-v1-margin'
type Shapes = ReadonlyMap<string, Shape>

function rangeOf(key: string, shape: Shape): readonly [number, number] {
  if (key.endsWith('running_mean')) return [-0.2, 0.2]
  if (key.endsWith('running_var')) return [0.5, 1.5]
  if (shape.length >= 2) {
    const bound = Math.sqrt(3 / size(shape.slice(1)))
    return [-bound, bound]
  }
  return key.endsWith('bias') ? [-0.1, 0.1] : [0.8, 1.2]
}

/** The weight of a normalisation and its bias keep most ReLU inputs away from 0, so that gradients are sharp. */
function marginValues(key: string, shape: Shape, shapes: Shapes, seed: number): Float32Array | undefined {
  if (shape.length !== 1) return undefined
  const length = size(shape)
  if (key.endsWith('weight')) return formula(key, length, seed, 0.1, 0.2)
  if (!key.endsWith('bias') || shapes.get(key.replace(/bias$/, 'weight'))?.length !== 1) return undefined
  const signs = formula(`${key}/sign`, length, seed, 0, 1)
  return formula(key, length, seed, 1, 1.2).map((value, index) => (signs[index] < 0.25 ? -value : value))
}

/** The whole state dict of a network by formula. */
export function formulaState(
  declarations: readonly Declaration[],
  weights: WeightFormula,
  seed: number,
): Map<string, NamedTensor> {
  const shapes: Shapes = new Map(declarations.map(({ key, shape }) => [key, shape]))
  return new Map<string, NamedTensor>(
    declarations.map(({ key, shape, kind }) => {
      if (kind === 'counter') return [key, { shape, data: new BigInt64Array(1) }]
      const margin = weights === 'hash32-v1-margin' ? marginValues(key, shape, shapes, seed) : undefined
      return [key, { shape, data: margin ?? formula(key, size(shape), seed, ...rangeOf(key, shape)) }]
    }),
  )
}
