import { describe, expect, it } from 'vitest'
import { spread } from '../../src/core/spread.ts'

describe('spread', () => {
  it('uses n − 1', () => {
    expect(spread([1, 2, 3, 4])).toEqual({ count: 4, mean: 2.5, deviation: Math.sqrt(5 / 3) })
  })

  it('has no deviation of one value and no mean of none', () => {
    expect(spread([0.7])).toEqual({ count: 1, mean: 0.7, deviation: null })
    expect(spread([])).toEqual({ count: 0, mean: null, deviation: null })
  })
})
