import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstAtLeast, nearest } from '../../../webview/curves/model/search.ts'
import { noVertices, thin, type Thinning } from '../../../webview/curves/model/thinned.ts'

const columns = 20

function thinned(
  ys: readonly number[],
  thinning: Thinning = 'extremes',
  span = { min: 0, max: ys.length },
): { readonly xs: readonly number[]; readonly ys: readonly number[] } {
  const out = noVertices()
  const line = { xs: Float64Array.from(ys, (_, index) => index), ys: Float64Array.from(ys) }
  thin(line, span, columns, thinning, out)
  return { xs: [...out.xs.subarray(0, out.count)], ys: [...out.ys.subarray(0, out.count)] }
}

const values = fc.array(fc.oneof({ weight: 9, arbitrary: fc.double({ min: -9, max: 9 }) }, fc.constant(NaN)), {
  minLength: 5 * columns,
  maxLength: 400,
})

describe('a dense line', () => {
  it('keeps its highest and lowest point, in few vertices that go forward', () => {
    fc.assert(
      fc.property(values, (ys) => {
        const { xs, ys: kept } = thinned(ys)
        const finite = (list: readonly number[]): readonly number[] => list.filter((value) => !Number.isNaN(value))
        expect(Math.max(...finite(kept))).toBe(Math.max(...finite(ys)))
        expect(Math.min(...finite(kept))).toBe(Math.min(...finite(ys)))
        expect(xs).toEqual([...xs].sort((a, b) => a - b))
        for (const [index, x] of xs.entries()) expect(kept[index]).toBe(ys[x])
      }),
    )
  })

  it('has at most two vertices per column of pixels where it has no gaps', () => {
    const ys = Array.from({ length: 1000 }, (_, index) => Math.sin(index))
    expect(thinned(ys).xs.length).toBeLessThanOrEqual(2 * (columns + 1))
  })

  it('keeps a gap a gap', () => {
    const ys = Array.from({ length: 1000 }, (_, index) => (index >= 400 && index < 600 ? NaN : 1))
    const { xs, ys: kept } = thinned(ys)
    const gap = kept.findIndex((value) => Number.isNaN(value))
    expect(kept.filter((value) => Number.isNaN(value))).toHaveLength(1)
    expect(xs[gap - 1]).toBeLessThan(400)
    expect(xs[gap + 1]).toBeGreaterThanOrEqual(600)
  })

  it('is averaged column by column where it is smooth', () => {
    const ys = Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? 1 : 3))
    const { ys: kept } = thinned(ys, 'mean')
    expect(kept.length).toBeLessThanOrEqual(columns + 1)
    for (const value of kept) expect(value).toBeCloseTo(2)
  })
})

describe('a part of a line', () => {
  it('has one point beyond on either side, so that it reaches the frame', () => {
    const ys = Array.from({ length: 1000 }, (_, index) => index)
    expect(thinned(ys, 'extremes', { min: 100.5, max: 104.5 }).xs).toEqual([100, 101, 102, 103, 104, 105])
  })

  it('is empty where the line is', () => {
    expect(thinned([], 'extremes', { min: 0, max: 1 }).xs).toEqual([])
    expect(thinned([], 'mean', { min: 0, max: 1 }).xs).toEqual([])
  })
})

describe('searching', () => {
  const xs = Float64Array.of(1, 2, 4, 8)

  it('finds the first that is not below', () => {
    expect([0, 1, 3, 8, 9].map((limit) => firstAtLeast(xs, limit))).toEqual([0, 0, 2, 3, 4])
  })

  it('finds the nearest, the earlier of two', () => {
    expect([-5, 1.4, 3, 3.1, 7, 99].map((wanted) => nearest(xs, wanted))).toEqual([0, 0, 1, 2, 3, 3])
    expect(nearest(new Float64Array(), 1)).toBe(-1)
  })
})
