import { describe, expect, it } from 'vitest'
import type { ChartLine } from '../../../webview/curves/model/chartLines.ts'
import { clockText, epochText, numberText, tickTexts } from '../../../webview/curves/model/numberTexts.ts'
import { moved, scaled, valueSpan } from '../../../webview/curves/model/spans.ts'

function line(...ys: readonly number[]): ChartLine {
  return {
    key: 'run',
    owner: { kind: 'run', slot: 0 },
    look: 'exact',
    xs: Float64Array.from(ys, (_, index) => index),
    ys: Float64Array.from(ys),
    isFocused: false,
  }
}

const full = { min: 0, max: 100 }

describe('the values of a chart', () => {
  it('have some room, and none below zero where nothing is below zero', () => {
    const { min, max } = valueSpan([line(0.5, 1.5), line(0.6)], full, false)
    expect(min).toBeCloseTo(0.45)
    expect(max).toBeCloseTo(1.55)
    expect(valueSpan([line(0, 1)], full, false).min).toBe(0)
  })

  it('are those of the part that is shown', () => {
    const { max } = valueSpan([line(9, 1, 2, 1, 1, 1)], { min: 1, max: 4 }, false)
    expect(max).toBeCloseTo(2.05)
  })

  it('do not mind gaps, and are 0…1 without any', () => {
    expect(valueSpan([line(NaN, NaN)], full, false)).toEqual({ min: 0, max: 1 })
    expect(valueSpan([], full, true)).toEqual({ min: 0.1, max: 1 })
    expect(valueSpan([line(NaN, 2)], full, false).max).toBeGreaterThan(2)
  })

  it('are positive on a logarithmic axis', () => {
    const { min, max } = valueSpan([line(0, 0.01, 100, -1)], full, true)
    expect(min).toBeGreaterThan(0.005)
    expect(max).toBeLessThan(200)
    expect(min).toBeLessThan(0.01)
    expect(max).toBeGreaterThan(100)
  })
})

describe('a run that diverged', () => {
  const wild = line(3, 4e12)

  it('does not flatten the others, and has a chart of its own where it is alone', () => {
    expect(valueSpan([wild, line(3, 1)], full, false).max).toBeCloseTo(3.1)
    expect(valueSpan([wild], full, false).max).toBeGreaterThan(4e12)
  })

  it('is seen on a logarithmic axis', () => {
    expect(valueSpan([wild, line(3, 1)], full, true).max).toBeGreaterThan(4e12)
  })

  it('is none for its learning rate', () => {
    const stairs = (value: number): ChartLine => ({ ...line(value, value), look: 'stairs' })
    expect(valueSpan([stairs(1), stairs(0.001)], full, false).max).toBeGreaterThan(1)
  })
})

describe('validated points among lines of steps', () => {
  const points = (...ys: readonly number[]): ChartLine => ({ ...line(...ys), look: 'points' })
  const steps = line(2.5, 1, 0.5, 0.4, 0.3, 0.3)

  it('do not stretch the chart by a first one that is many times all others', () => {
    expect(valueSpan([steps, points(8, 0.7, 0.6, 0.5, 0.5)], full, false).max).toBeCloseTo(2.5 + 0.05 * 2.2)
  })

  it('do where they rise for long', () => {
    expect(valueSpan([steps, points(1, 2, 3, 4, 5)], full, false).max).toBeGreaterThan(5)
  })

  it('do where they are all there is', () => {
    expect(valueSpan([points(8, 0.7, 0.6, 0.5, 0.5)], full, false).max).toBeGreaterThan(8)
    expect(valueSpan([steps, points(8, 0.7, 0.6, 0.5)], { min: 0, max: 0.5 }, false).max).toBeGreaterThan(8)
  })
})

describe('zooming', () => {
  it('keeps the place under the crosshair where it is', () => {
    const span = scaled(full, full, 0.5, 20)!
    expect(span).toEqual({ min: 10, max: 60 })
    expect((20 - span.min) / (span.max - span.min)).toBe(0.2)
  })

  it('stays within all there is, and ends as all there is', () => {
    expect(scaled({ min: 60, max: 100 }, full, 2, 90)).toEqual({ min: 30, max: 100 })
    expect(scaled({ min: 10, max: 60 }, full, 2, 20)).toBeUndefined()
  })

  it('moves with the crosshair, not beyond the ends', () => {
    expect(moved({ min: 10, max: 30 }, full, 20)).toEqual({ min: 10, max: 30 })
    expect(moved({ min: 10, max: 30 }, full, 50)).toEqual({ min: 40, max: 60 })
    expect(moved({ min: 10, max: 30 }, full, 99)).toEqual({ min: 80, max: 100 })
  })
})

describe('numbers', () => {
  it('have four significant digits where they are near one', () => {
    expect([0.12345, 1.5, 12.3456, 123.456, 1234.5].map(numberText)).toEqual([
      '0.1235',
      '1.5000',
      '12.35',
      '123.5',
      '1235',
    ])
  })

  it('are written by powers of ten where they are small, and as a dash where there are none', () => {
    expect([0.00012345, 1e7, 0, NaN].map(numberText)).toEqual(['1.23e-4', '1.00e+7', '0.0000', '–'])
  })

  it('of seconds are a clock', () => {
    expect([0, 42.4, 65, 3725, NaN].map(clockText)).toEqual(['0:00', '0:42', '1:05', '1:02:05', '–'])
  })

  it('of epochs have a fraction where they are not done', () => {
    expect([3, 3.25].map(epochText)).toEqual(['3', '3.3'])
  })

  it('of an axis all have the same form', () => {
    expect(tickTexts([0, 0.5, 1], 0.5)).toEqual(['0', '0.5', '1.0'])
    expect(tickTexts([0, 0.0005, 0.001], 0.0005)).toEqual(['0', '5e-4', '1e-3'])
    expect(tickTexts([0.1, null, 1], 0)).toEqual(['0.1', '', '1'])
    expect(tickTexts([0, 0.25, 0.5], 0.25)).toEqual(['0', '0.25', '0.50'])
    expect(tickTexts([0, 5000, 10_000], 5000)).toEqual(['0', '5000', '10000'])
  })
})
