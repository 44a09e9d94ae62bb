import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { windowStarts, windowWeights } from '../../src/core/slidingWindow.ts'
import { WindowBlend } from '../../src/core/windowBlend.ts'

const side = fc.integer({ min: 1, max: 60 })
const overlap = fc.double({ min: 0, max: 0.9, noNaN: true })
const blend = fc.constantFrom('gaussian', 'constant')

describe('windows along an axis', () => {
  it('stand where MONAI puts them', () => {
    expect(windowStarts(10_000, 512, 0.25).slice(-3)).toEqual([8832, 9216, 9488])
    expect(windowStarts(512, 512, 0.25)).toEqual([0])
    expect(windowStarts(513, 512, 0.25)).toEqual([0, 1])
    expect(windowStarts(1024, 512, 0)).toEqual([0, 512])
    expect(windowStarts(7, 12, 0.5)).toEqual([-2])
  })

  it('cover every pixel, ascend, and overlap at least as asked', () => {
    fc.assert(
      fc.property(side, side, overlap, (length, window, share) => {
        const starts = windowStarts(length, window, share)
        const covered = new Set(starts.flatMap((start) => Array.from({ length: window }, (_, k) => start + k)))
        for (let pixel = 0; pixel < length; pixel++) expect(covered).toContain(pixel)
        for (let index = 1; index < starts.length; index++) {
          const step = starts[index] - starts[index - 1]
          expect(step).toBeGreaterThan(0)
          expect(step).toBeLessThanOrEqual(Math.max(1, window * (1 - share)))
        }
        if (window < length) expect(starts.at(-1)! + window).toBe(length)
      }),
    )
  })
})

describe('weights of a window', () => {
  it('are those of a gaussian with σ = side / 8, at least 0.001', () => {
    const weights = windowWeights(5, 3, 'gaussian')
    expect(weights[2 * 3 + 1]).toBe(1)
    expect(weights[2 * 3]).toBeCloseTo(Math.exp(-1 / (2 * 0.375 ** 2)), 6)
    expect(weights[0]).toBeCloseTo(0.001, 7)
  })

  it('are symmetric, and all 1 where asked', () => {
    const weights = windowWeights(6, 9, 'gaussian')
    expect([...weights]).toEqual([...weights].reverse())
    expect(new Set(windowWeights(6, 9, 'constant'))).toEqual(new Set([1]))
  })
})

/** Everything blended at once, in double, as the formula says. */
function blendedAtOnce(
  image: { readonly height: number; readonly width: number; readonly channels: number },
  window: { readonly height: number; readonly width: number },
  weights: Float32Array,
  windows: readonly { readonly top: number; readonly left: number; readonly values: Float32Array }[],
): Float64Array {
  const { height, width, channels } = image
  const sums = new Float64Array(height * width * channels)
  const total = new Float64Array(height * width)
  for (const { top, left, values } of windows)
    for (let y = 0; y < window.height; y++)
      for (let x = 0; x < window.width; x++) {
        const [row, column] = [top + y, left + x]
        if (row < 0 || column < 0 || row >= height || column >= width) continue
        const weight = weights[y * window.width + x]
        total[row * width + column] += weight
        for (let c = 0; c < channels; c++)
          sums[(row * width + column) * channels + c] += weight * values[(y * window.width + x) * channels + c]
      }
  return sums.map((sum, index) => sum / total[Math.floor(index / channels)])
}

describe('a blend', () => {
  const cases = fc.record({
    image: fc.record({ height: side, width: side, channels: fc.integer({ min: 1, max: 3 }) }),
    window: fc.record({ height: fc.integer({ min: 1, max: 20 }), width: fc.integer({ min: 1, max: 20 }) }),
    overlap,
    blend,
    seed: fc.integer(),
  })

  it('made from top to bottom equals everything blended at once, and holds no more rows than a window has', () => {
    fc.assert(
      fc.property(cases, ({ image, window, overlap, blend, seed }) => {
        const weights = windowWeights(window.height, window.width, blend)
        const state = new WindowBlend(image, window, weights)
        expect(state.heldRows).toBeLessThanOrEqual(window.height)
        const tops = windowStarts(image.height, window.height, overlap)
        const lefts = windowStarts(image.width, window.width, overlap)
        const area = window.height * window.width * image.channels
        const windows = []
        const rows: number[] = []
        for (const [index, top] of tops.entries()) {
          for (const left of lefts) {
            const values = Float32Array.from({ length: area }, (_, k) =>
              Math.sin(seed + k * 1.7 + top * 3.1 + left * 7.3),
            )
            windows.push({ top, left, values })
            state.add(top, left, values)
          }
          for (const row of state.finish(tops[index + 1] ?? image.height)) rows.push(...row)
        }
        const expected = blendedAtOnce(image, window, weights, windows)
        expect(rows).toHaveLength(expected.length)
        rows.forEach((value, index) => {
          expect(Math.abs(value - expected[index])).toBeLessThan(1e-5)
        })
      }),
      { numRuns: 60 },
    )
  })

  it('of equal windows is what they all say: weights sum to one', () => {
    fc.assert(
      fc.property(cases, ({ image, window, overlap, blend }) => {
        const state = new WindowBlend(image, window, windowWeights(window.height, window.width, blend))
        const values = new Float32Array(window.height * window.width * image.channels).fill(0.7)
        const tops = windowStarts(image.height, window.height, overlap)
        for (const [index, top] of tops.entries()) {
          for (const left of windowStarts(image.width, window.width, overlap)) state.add(top, left, values)
          for (const row of state.finish(tops[index + 1] ?? image.height))
            for (const value of row) expect(value).toBeCloseTo(0.7, 5)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('refuses a window over rows that are finished', () => {
    const state = new WindowBlend({ height: 8, width: 2, channels: 1 }, { height: 4, width: 2 }, new Float32Array(8))
    state.add(0, 0, new Float32Array(8))
    expect([...state.finish(4)]).toHaveLength(4)
    expect(() => {
      state.add(2, 0, new Float32Array(8))
    }).toThrow('not held')
  })
})
