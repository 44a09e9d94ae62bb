import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { normalizeInto, type Rgb } from '../../src/augment/normalize.ts'
import { transforms } from '../../src/augment/registry.ts'
import type { Sample } from '../../src/augment/sample.ts'
import type { Random } from '../../src/augment/transform.ts'
import { decodeSafetensors } from '../../src/core/safetensors.ts'
import { describeWithFixtures } from '../shared.ts'
import { intensityNames } from './fixtures.ts'

interface Case {
  readonly id: string
  readonly transform: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly input: string
  readonly mask: string | null
  readonly outputs: readonly string[]
  readonly tolerance: string | { readonly image: string; readonly mask: string }
}

/** The fixed parameters of a case as arguments of ours, and the whole numbers that are to be drawn. */
function ours({ transform, arguments: fixed }: Case): { args: Record<string, unknown>; draws: number[] } {
  switch (transform) {
    case 'RandomRotate90':
      return { args: {}, draws: [fixed['factor'] as number] }
    case 'RandomCrop': {
      const [left, top] = fixed['crop_coords'] as [number, number]
      return { args: fixed, draws: [top, left] }
    }
    default:
      return { args: fixed, draws: [] }
  }
}

/** Always gives the wanted whole numbers, and the middle of every interval. */
function fixedRandom(draws: number[]): Random {
  return { next: () => 0.5, integer: () => draws.shift() ?? 0, normal: () => 0, shuffle: (array) => array }
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let largest = 0
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]))
  return largest
}

/** `identical…` → 0; `max|v - image_exact| <= 1` → 1 */
function limit(tolerance: string): number {
  if (tolerance.startsWith('identical')) return 0
  return Number(/<= ([\d.e-]+)/.exec(tolerance)![1])
}

describeWithFixtures('transforms equal Albumentations', 'augment', (folder) => {
  if (folder === '') return
  const { cases } = JSON.parse(readFileSync(`${folder}/cases.json`, 'utf8')) as { cases: readonly Case[] }
  const { tensors } = decodeSafetensors(readFileSync(`${folder}/tensors.safetensors`))
  const bytes = (name: string): Uint8Array => tensors.get(name)!.data as Uint8Array

  function inputOf({ input, mask }: Case): Sample {
    const [height, width] = tensors.get(`input/${input}`)!.shape
    return {
      image: bytes(`input/${input}`),
      mask: mask === null ? new Uint8Array(height * width) : bytes(`input/${mask}`),
      height,
      width,
    }
  }

  // Those that change colours alone: intensityParity.test.ts.
  const names = transforms.names.filter((name) => !intensityNames.includes(name))
  const known = cases.filter(({ transform }) => names.includes(transform))

  it('has a case for every transform', () => {
    expect(new Set(known.map(({ transform }) => transform))).toEqual(new Set(names))
  })

  it.each(known.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const transform = transforms.get(one.transform)
    const { args, draws } = ours(one)
    const parsed = transform.arguments.parse(args)
    const sample = inputOf(one)
    const output = transform.apply(sample, parsed, fixedRandom(draws))
    const exact = one.outputs.includes('image_exact') ? 'image_exact' : 'image'
    const [height, width] = tensors.get(`${one.id}/${exact}`)!.shape
    expect([output.height, output.width]).toEqual([height, width])
    expect(transform.outputSizes({ height: sample.height, width: sample.width }, parsed)).toContainEqual({
      height,
      width,
    })
    const tolerance = typeof one.tolerance === 'string' ? { image: one.tolerance, mask: 'identical' } : one.tolerance
    expect(largestDifference(output.image, bytes(`${one.id}/${exact}`))).toBeLessThanOrEqual(limit(tolerance.image))
    if (one.mask !== null)
      expect(largestDifference(output.mask, bytes(`${one.id}/mask`))).toBeLessThanOrEqual(limit(tolerance.mask))
  })

  it.each(cases.filter(({ transform }) => transform === 'Normalize').map((one) => [one.id, one] as const))(
    '%s',
    (_id, one) => {
      const sample = inputOf(one)
      const { mean, std } = one.arguments as unknown as { mean: Rgb; std: Rgb }
      const area = sample.height * sample.width
      const batch = new Float32Array(2 * 3 * area)
      normalizeInto(batch, 1, sample.image, { mean, std })
      const wanted = tensors.get(`${one.id}/image`)!.data as Float32Array
      const channelsLast = Float32Array.from(
        { length: 3 * area },
        (_, i) => batch[3 * area + (i % 3) * area + Math.floor(i / 3)],
      )
      expect(largestDifference(channelsLast, wanted)).toBeLessThanOrEqual(limit(one.tolerance as string))
      expect(batch.subarray(0, 3 * area).every((v) => v === 0)).toBe(true)
    },
  )
})
