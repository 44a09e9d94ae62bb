import { describe, expect, it } from 'vitest'
import { durationText } from '../../../src/cli/output/duration.ts'
import { differenceText, scoreText, spreadText } from '../../../src/cli/output/scores.ts'
import { table } from '../../../src/cli/output/table.ts'

describe('scores', () => {
  it('are a mean with its spread and count', () => {
    expect(spreadText([0.7, 0.72, 0.74])).toBe('0.720 ± 0.020 (n=3)')
    expect(spreadText([0.7])).toBe('0.700 (n=1)')
    expect(spreadText([])).toBe('– (n=0)')
    expect(scoreText(null)).toBe('–')
  })

  it('have a sign where they are differences', () => {
    expect(spreadText([-0.01, -0.03], differenceText)).toBe('−0.020 ± 0.014 (n=2)')
    expect(differenceText(0)).toBe('+0.000')
  })
})

describe('a table', () => {
  it('puts numbers to the right and words to the left', () => {
    expect(table(['name', 'score'], [['a', '0.5'], ['long', '–']])).toBe('name  score\na       0.5\nlong      –') // prettier-ignore
  })

  it('counts the columns that a terminal draws', () => {
    const lines = table(['class', 'IoU'], [['배경', '0.500'], ['cafe\u0301', '0.250']]).split('\n') // prettier-ignore
    expect(lines).toEqual(['class    IoU', '배경   0.500', 'cafe\u0301   0.250'])
  })
})

describe('a duration', () => {
  it.each([
    [4.21, '4.2 s'],
    [42.4, '42 s'],
    [187, '3 min 07 s'],
    [7500, '2 h 05 min'],
  ])('%d s reads %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text)
  })
})
