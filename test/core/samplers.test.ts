import { describe, expect, it } from 'vitest'
import { stream } from '../../src/core/random.ts'
import { drawImages, shuffled } from '../../src/core/samplers/drawImages.ts'
import { samplerOf } from '../../src/core/samplers/registry.ts'
import type { Sampler } from '../../src/core/samplers/sampler.ts'

// Three classes: two images with the first alone, one with the first two, one with nothing but ignored pixels.
const pixels = [
  [9, 0, 0],
  [4, 0, 0],
  [1, 8, 0],
  [0, 0, 0],
]

function probabilities(name: string, share = 0.5): readonly number[] {
  return samplerOf(name)!.probabilities(pixels, share)
}

function counts(draws: readonly { readonly index: number }[], images: number): number[] {
  const times = new Array<number>(images).fill(0)
  for (const { index } of draws) times[index]++
  return times
}

describe('samplers', () => {
  it('class_balanced draws a class that occurs, then an image that has it', () => {
    expect(probabilities('class_balanced')).toEqual([1 / 6, 1 / 6, 1 / 6 + 1 / 2, 0])
  })

  it('foreground_balanced gives images with foreground their share', () => {
    expect(probabilities('foreground_balanced', 0.7)).toEqual(
      [0.1, 0.1, 0.7, 0.1].map((p) => expect.closeTo(p, 12) as number),
    )
  })

  it('foreground_balanced is uniform where no image, or every one, has foreground', () => {
    const of: Sampler['probabilities'] = (images, share) =>
      samplerOf('foreground_balanced')!.probabilities(images, share)
    expect(of([[1, 0], [2, 0]], 0.7)).toEqual([0.5, 0.5]) // prettier-ignore
    expect(of([[0, 3], [2, 1]], 0.7)).toEqual([0.5, 0.5]) // prettier-ignore
  })

  it('shuffle is no sampler of its own', () => {
    expect(samplerOf('shuffle')).toBeUndefined()
    expect(counts(shuffled(5, stream(1, 'x')), 5)).toEqual([1, 1, 1, 1, 1])
  })
})

describe('an epoch of draws', () => {
  const given = [0.05, 0.3, 0.45, 0.2, 0]
  const epochs = Array.from({ length: 400 }, (_, epoch) => drawImages(given, stream(3, 'order', epoch)))

  it('has as many as there are images, each as often as its probability says, rounded', () => {
    for (const draws of epochs) {
      expect(draws).toHaveLength(given.length)
      counts(draws, given.length).forEach((times, index) => {
        expect(Math.abs(times - given.length * given[index])).toBeLessThan(1)
      })
    }
  })

  it('has the probabilities on average', () => {
    const total = counts(epochs.flat(), given.length)
    // Each count is one of two neighbours: its deviation over 400 epochs is at most 10.
    total.forEach((times, index) => {
      expect(Math.abs(times - 400 * given.length * given[index])).toBeLessThan(45)
    })
  })

  it('counts the repeats of an image, so that each looks different', () => {
    for (const draws of epochs) {
      const seen = draws.map(({ index, repeat }) => `${index}.${repeat}`)
      expect(new Set(seen).size).toBe(seen.length)
    }
  })

  it('is the same for the same stream', () => {
    expect(drawImages(given, stream(3, 'order', 7))).toEqual(epochs[7])
    expect(drawImages(given, stream(3, 'order', 8))).not.toEqual(epochs[7])
  })
})
