import { describe, expect, it } from 'vitest'
import { randomFactors } from '../../src/train/randomFactors.ts'

const inputs = [
  { name: 'drop/a', rate: 0.2, valuesPerImage: 1 },
  { name: 'drop/b', rate: 0, valuesPerImage: 1 },
]

describe('stochastic depth', () => {
  it('keeps a branch with probability 1 − rate, scaled so that its mean stays', () => {
    const { 'drop/a': factors } = randomFactors(inputs, 20_000, 3, 0)
    const kept = [...factors].filter((factor) => factor !== 0)
    expect(kept.every((factor) => factor === Math.fround(1 / 0.8))).toBe(true)
    expect(kept.length / 20_000).toBeCloseTo(0.8, 1)
  })

  it('is always on where the rate is 0', () => {
    expect([...randomFactors(inputs, 4, 3, 9)['drop/b']]).toEqual([1, 1, 1, 1])
  })

  it('draws a value for each element that dropout may drop', () => {
    const dropout = { name: 'drop/c', rate: 0.5, valuesPerImage: 500 }
    const { 'drop/c': factors } = randomFactors([dropout], 2, 3, 0)
    expect(factors.length).toBe(1000)
    expect(new Set(factors)).toEqual(new Set([0, 2]))
  })

  it('depends on seed and batch alone', () => {
    const at = (seed: number, batch: number) => randomFactors(inputs, 64, seed, batch)['drop/a']
    expect(at(1, 5)).toEqual(at(1, 5))
    expect(at(1, 5)).not.toEqual(at(1, 6))
    expect(at(1, 5)).not.toEqual(at(2, 5))
  })
})
