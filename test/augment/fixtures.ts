import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { transforms } from '../../src/augment/registry.ts'
import type { Sample } from '../../src/augment/sample.ts'
import { decodeSafetensors, type NamedTensor } from '../../src/core/safetensors.ts'

/** One transform with fixed parameters and what Albumentations made of it. */
export interface AugmentCase {
  readonly id: string
  readonly transform: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly input: string
  readonly mask: string | null
  readonly outputs: readonly string[]
  readonly tolerance: string | { readonly image: string; readonly mask: string }
}

export interface AugmentFixtures {
  readonly cases: readonly AugmentCase[]
  readonly tensors: ReadonlyMap<string, NamedTensor>
  readonly bytes: (name: string) => Uint8Array
  /** What goes into a case; a gray image as three equal channels, a missing mask as zeros. */
  readonly inputOf: (one: AugmentCase) => Sample
}

export function readAugmentFixtures(folder: string): AugmentFixtures {
  const { cases } = JSON.parse(readFileSync(`${folder}/cases.json`, 'utf8')) as { cases: readonly AugmentCase[] }
  const { tensors } = decodeSafetensors(readFileSync(`${folder}/tensors.safetensors`))
  const bytes = (name: string): Uint8Array => tensors.get(name)!.data as Uint8Array
  const inputOf = ({ input, mask }: AugmentCase): Sample => {
    const [height, width, channels] = tensors.get(`input/${input}`)!.shape
    const values = bytes(`input/${input}`)
    return {
      image:
        channels === 3 ? values : Uint8Array.from({ length: values.length * 3 }, (_, i) => values[Math.floor(i / 3)]),
      mask: mask === null ? new Uint8Array(height * width) : bytes(`input/${mask}`),
      height,
      width,
    }
  }
  return { cases, tensors, bytes, inputOf }
}

/** Largest and mean absolute difference. */
export function differences(a: ArrayLike<number>, b: ArrayLike<number>): { largest: number; mean: number } {
  expect(a.length).toBe(b.length)
  let largest = 0
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i])
    largest = Math.max(largest, difference)
    sum += difference
  }
  return { largest, mean: sum / a.length }
}

/** `identical…` → 0; `max|v - image_exact| <= 1` → 1; `mean|v - image| <= 1, max <= 6 …` → both */
export function limits(tolerance: string): { largest: number; mean: number } {
  if (tolerance.startsWith('identical')) return { largest: 0, mean: 0 }
  const of = (name: string): number => Number(new RegExp(`${name}[^<]*<= ([\\d.e-]+)`).exec(tolerance)?.[1] ?? Infinity)
  return { largest: of('max'), mean: of('mean') }
}

/** Transforms that change colours and leave the mask: those of src/augment/intensity. */
export const intensityNames = ((): readonly string[] => {
  const files = readdirSync(new URL('../../src/augment/intensity/', import.meta.url)).map((file) => file.toLowerCase())
  return transforms.names.filter((name) => files.includes(`${name.toLowerCase()}.ts`))
})()
