import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RandomState } from '../../src/core/randomState.ts'
import { describeWithFixtures } from '../shared.ts'

interface Reference {
  readonly uint32_first_700: readonly number[]
  readonly random_sample_first_8: readonly number[]
  readonly randint_0_10_first_20: readonly number[]
  readonly shuffle: Readonly<Record<string, readonly number[]>>
  readonly permutation_50: readonly number[]
  readonly choice_scalar_of_5_x20: readonly number[]
  readonly choice_of_10_size_4_without_replacement: readonly number[]
  readonly two_shuffles_of_9_in_a_row: readonly (readonly number[])[]
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

describe('RandomState', () => {
  it('refuses seeds that NumPy refuses', () => {
    for (const seed of [-1, 2 ** 32, 0.5, Number.NaN]) expect(() => new RandomState(seed)).toThrow(RangeError)
  })

  it('draws nothing for an interval of one number', () => {
    const [drawn, fresh] = [new RandomState(1), new RandomState(1)]
    expect(drawn.interval(0)).toBe(0)
    expect(drawn.next32()).toBe(fresh.next32())
  })
})

describeWithFixtures("RandomState equals NumPy's", 'splits', (folder) => {
  const references = JSON.parse(readFileSync(join(folder, 'mt19937.json'), 'utf8')) as Record<string, Reference>
  describe.each(Object.entries(references))('seed %s', (text, reference) => {
    const make = (): RandomState => new RandomState(Number(text))
    const repeat = (count: number, draw: (random: RandomState) => number): number[] => {
      const random = make()
      return range(count).map(() => draw(random))
    }

    it('raw words', () => {
      expect(repeat(reference.uint32_first_700.length, (random) => random.next32())).toEqual(reference.uint32_first_700)
    })
    it('random_sample', () => {
      const expected = reference.random_sample_first_8
      expect(repeat(expected.length, (random) => random.randomSample())).toEqual(expected)
    })
    it('randint and choice of a scalar', () => {
      const { randint_0_10_first_20: randint, choice_scalar_of_5_x20: choice } = reference
      expect(repeat(randint.length, (random) => random.randint(10))).toEqual(randint)
      expect(repeat(choice.length, (random) => random.randint(5))).toEqual(choice)
    })
    it('shuffle, one after another too', () => {
      for (const [count, expected] of Object.entries(reference.shuffle))
        expect(make().shuffle(range(Number(count)))).toEqual(expected)
      const random = make()
      for (const expected of reference.two_shuffles_of_9_in_a_row)
        expect(random.permutation(range(9))).toEqual(expected)
    })
    it('permutation, choice without replacement', () => {
      expect(make().permutation(range(reference.permutation_50.length))).toEqual(reference.permutation_50)
      const expected = reference.choice_of_10_size_4_without_replacement
      const population = range(10).map((i) => i * 11)
      expect(make().choice(population, expected.length)).toEqual(expected)
    })
  })
})
