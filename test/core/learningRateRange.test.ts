import { describe, expect, it } from 'vitest'
import { hasDiverged, rateOfStep, steepestRate, withStep, type RangeStep } from '../../src/core/learningRateRange.ts'

const steps = 100
const rates = Array.from({ length: steps }, (_, step) => rateOfStep(step, steps, 1e-7, 10))

function rangeOf(losses: readonly number[]): readonly RangeStep[] {
  return losses.reduce<readonly RangeStep[]>((range, loss, step) => withStep(range, rates[step], loss), [])
}

describe('a learning-rate range test', () => {
  it('goes from the first rate to the last, each by the same factor', () => {
    expect([rates[0], rates.at(-1)!]).toEqual([1e-7, expect.closeTo(10, 9)])
    expect(rates[50] / rates[49]).toBeCloseTo(rates[10] / rates[9], 9)
  })

  it('averages as fastai does: Σ 0.98ᵏ·loss over Σ 0.98ᵏ', () => {
    const losses = [3, 1, 4, 1, 5]
    const weights = losses.map((_, index) => 0.98 ** (losses.length - 1 - index))
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
    const expected = sum(losses.map((loss, index) => loss * weights[index])) / sum(weights)
    expect(rangeOf(losses).at(-1)!.smoothed).toBeCloseTo(expected, 12)
    expect(rangeOf([7])[0].smoothed).toBeCloseTo(7, 12)
  })

  it('suggests the rate at which the average falls steepest over the logarithm', () => {
    // A logistic fall around 1e-3; the average comes a little after.
    const losses = rates.map((lr) => 2 - 1 / (1 + (1e-3 / lr) ** 2))
    const suggested = steepestRate(rangeOf(losses), steps)
    expect(suggested).toBeGreaterThan(1e-3)
    expect(suggested).toBeLessThan(3e-2)
  })

  it('suggests nothing where the loss only rises', () => {
    expect(steepestRate(rangeOf(rates.map((_, step) => 1 + step)), steps)).toBeUndefined()
    expect(steepestRate([], steps)).toBeUndefined()
  })

  it('ends where the average is four times its best, or a loss is no number', () => {
    expect(hasDiverged(rangeOf([1, 1, 1, 2]))).toBe(false)
    expect(hasDiverged(rangeOf([1, 1, 1, 1000]))).toBe(true)
    expect(hasDiverged(rangeOf([1, NaN]))).toBe(true)
    expect(hasDiverged([])).toBe(false)
  })
})
