import { describe, expect, it } from 'vitest'
import { judgeDifference } from '../../src/core/noise.ts'

/** Sample standard deviation 0.1. */
const baseline = [0.4, 0.5, 0.6]

describe('a difference from the baseline', () => {
  it('says nothing while the spread of the baseline is as large', () => {
    expect(judgeDifference(0.09, baseline).verdict).toBe('within-noise')
    expect(judgeDifference(-0.09, baseline).verdict).toBe('within-noise')
    expect(judgeDifference(0.25, [0, 0.25, 0.5])).toEqual({ verdict: 'within-noise', noise: 0.25 })
  })

  it('is better or worse outside of it', () => {
    expect(judgeDifference(0.11, baseline).verdict).toBe('better')
    expect(judgeDifference(-0.11, baseline).verdict).toBe('worse')
    expect(judgeDifference(0.11, baseline).noise).toBeCloseTo(0.1)
  })

  it('cannot be judged by one run of the baseline, or by none', () => {
    for (const scores of [[], [0.5]])
      expect(judgeDifference(0.3, scores)).toEqual({ verdict: 'noise-unknown', noise: null })
  })

  it('of a baseline without any spread counts however small it is', () => {
    expect(judgeDifference(0.001, [0.5, 0.5])).toEqual({ verdict: 'better', noise: 0 })
    expect(judgeDifference(0, [0.5, 0.5]).verdict).toBe('within-noise')
  })
})
