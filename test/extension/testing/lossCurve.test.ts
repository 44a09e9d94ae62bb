import { describe, expect, it } from 'vitest'
import { curveOf, lossCurveSvg } from '../../../src/extension/testing/lossCurve.ts'

describe('the curve of a check', () => {
  it('goes down where the loss does', () => {
    expect(lossCurveSvg([2, 1])).toContain('M4.0 4.0L356.0 116.0')
  })

  it('has a gap where the loss was not finite', () => {
    expect(lossCurveSvg([1, null, 0, 2]).match(/M\d+\.\d/g)).toHaveLength(2)
  })

  it('is flat, not broken, where nothing changed', () => {
    expect(lossCurveSvg([1, 1])).not.toMatch(/NaN|Infinity/)
  })

  it('is found among the values', () => {
    expect(curveOf({ slope: 0.1, losses: [1, null, 3] })).toEqual({ key: 'losses', numbers: [1, null, 3] })
    expect(curveOf({ slope: 0.1, names: ['a', 'b'] })).toBeUndefined()
  })
})
