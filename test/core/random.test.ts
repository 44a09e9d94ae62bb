import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spread } from '../../src/core/spread.ts'
import { stream } from '../../src/core/random.ts'

function draws(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw)
}

describe('stream', () => {
  it('depends on nothing but seed and keys', () => {
    const first = stream(3, 'augment', 5, 17)
    stream(3, 'augment', 5, 18).next()
    expect(draws(5, () => stream(3, 'augment', 5, 17).next())).toEqual(Array(5).fill(first.next()))
  })

  it('keeps the values of released versions: a run must replay years later', () => {
    const numbers = stream(0, 'order', 1)
    expect(draws(3, () => numbers.integer(1_000_000))).toMatchInlineSnapshot(`
      [
        231053,
        354280,
        916863,
      ]
    `)
  })

  it('tells keys apart that only look alike', () => {
    const firsts = [
      stream(1).next(),
      stream(1, '').next(),
      stream(1, '', '').next(),
      stream(1, 'a', 'b').next(),
      stream(1, 'ab').next(),
      stream(1, 1).next(),
      stream(1, '1').next(),
      stream(2).next(),
      stream(1, 0.5).next(),
    ]
    expect(new Set(firsts).size).toBe(firsts.length)
  })

  it('gives neighbouring keys unrelated numbers', () => {
    const firsts = draws(4096, () => 0).map((_, i) => stream(0, i).next())
    const { mean, deviation } = spread(firsts)
    expect(mean).toBeCloseTo(0.5, 1)
    expect(deviation).toBeCloseTo(Math.sqrt(1 / 12), 1)
    const products = firsts.slice(1).map((value, i) => (value - 0.5) * (firsts[i] - 0.5))
    expect(Math.abs(spread(products).mean ?? 1)).toBeLessThan(0.01)
  })

  it('draws whole numbers evenly (χ² below its 99.9 % quantile)', () => {
    const numbers = stream(7)
    const bins = new Array<number>(10).fill(0)
    for (let i = 0; i < 20_000; i++) bins[numbers.integer(10)] += 1
    const chiSquare = bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)
    expect(chiSquare).toBeLessThan(27.9)
  })

  it('refuses ranges it cannot draw from', () => {
    for (const n of [0, -1, 1.5, Number.NaN, 2 ** 33]) expect(() => stream(0).integer(n)).toThrow(RangeError)
    expect(stream(0).integer(2 ** 32)).toBeLessThan(2 ** 32)
  })

  it('shuffles into a permutation, in place', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), (seed, array) => {
        const shuffled = [...array]
        expect(stream(seed).shuffle(shuffled)).toBe(shuffled)
        const order = (a: number, b: number): number => a - b
        expect(shuffled.toSorted(order)).toEqual(array.toSorted(order))
      }),
    )
  })

  it('draws normal numbers with mean 0, deviation 1 and no skew', () => {
    const numbers = stream(11, 'normal')
    const values = draws(20_000, () => numbers.normal())
    const { mean, deviation } = spread(values)
    expect(Math.abs(mean ?? 1)).toBeLessThan(0.03)
    expect(deviation).toBeCloseTo(1, 1)
    expect(values.filter((value) => Math.abs(value) < 1.96).length / values.length).toBeCloseTo(0.95, 1)
  })
})
