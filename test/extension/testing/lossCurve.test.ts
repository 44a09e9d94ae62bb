import { describe, expect, it } from 'vitest'
import { curveOf, lossCurveSvg } from '../../../src/extension/testing/lossCurve.ts'

describe('the curve of a check', () => {
  it('goes down where the loss does', () => {
    expect(lossCurveSvg([2, 1])).toContain('M50.0 6.0L354.0 60.0')
  })

  it('looks still where the loss hardly moves, and says how high it is', () => {
    const svg = lossCurveSvg([2.9096481, 2.9096484, 2.9096477])
    expect(svg.match(/[ML]\d+\.\d 6\.0/g)).toHaveLength(3)
    expect(svg).toContain('>2.91</text>')
  })

  it('has a gap where the loss was not finite', () => {
    expect(lossCurveSvg([1, null, 0, 2]).match(/M\d+\.\d/g)).toHaveLength(2)
  })

  it('is flat, not broken, where nothing changed', () => {
    expect(lossCurveSvg([1, 1])).not.toMatch(/NaN|Infinity/)
    expect(lossCurveSvg([0, 0])).not.toMatch(/NaN|Infinity/)
    expect(lossCurveSvg([null, null])).not.toMatch(/NaN|Infinity/)
  })

  it('is found among the values', () => {
    expect(curveOf({ slope: 0.1, losses: [1, null, 3] })).toEqual({ key: 'losses', numbers: [1, null, 3] })
    expect(curveOf({ slope: 0.1, names: ['a', 'b'] })).toBeUndefined()
  })
})
