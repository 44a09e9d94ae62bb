import { describe, expect, it } from 'vitest'
import { stream } from '../../src/core/random.ts'
import { judgeSlope } from '../../src/core/slope.ts'

function losses(count: number, trend: (step: number) => number, noise = 0): number[] {
  const random = stream(1, 'noise', count)
  return Array.from({ length: count }, (_, step) => trend(step) + noise * random.normal())
}

describe('judgeSlope', () => {
  it('measures loss per step, also when steps are averaged in groups', () => {
    for (const count of [10, 200, 201, 1000])
      expect(judgeSlope(losses(count, (step) => 5 - 0.002 * step)).slope).toBeCloseTo(-0.002, 10)
  })

  it('sees a fall through noise', () => {
    expect(judgeSlope(losses(60, (step) => 1 - step / 100, 0.1)).verdict).toBe('falls')
    expect(judgeSlope(losses(2000, (step) => Math.exp(-step / 500), 0.2)).verdict).toBe('falls')
  })

  it('is not moved by a few outliers', () => {
    const values = losses(40, (step) => 2 - step / 40)
    values[30] = 1000
    values[39] = 1000
    expect(judgeSlope(values).verdict).toBe('falls')
  })

  it('says that a constant, rising or broken loss does not fall', () => {
    expect(judgeSlope(losses(50, () => 0.69)).verdict).toBe('does not fall')
    expect(judgeSlope(losses(50, (step) => 1 + step / 50, 0.05)).verdict).toBe('does not fall')
    expect(judgeSlope([1, 0.9, Number.NaN, 0.8]).verdict).toBe('does not fall')
  })

  it('is unclear about pure noise and about too few steps', () => {
    expect(judgeSlope(losses(20, () => 1, 0.5)).verdict).toBe('unclear')
    expect(judgeSlope([3, 2, 1])).toEqual({ verdict: 'unclear', slope: null, interval: null })
    expect(judgeSlope([]).verdict).toBe('unclear')
  })
})
