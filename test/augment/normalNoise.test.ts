import { expect, it } from 'vitest'
import { fillNormal } from '../../src/augment/normalNoise.ts'
import { stream } from '../../src/core/random.ts'

it('normal noise has the moments and quantiles of a normal distribution', () => {
  const values = new Float32Array(200_000)
  fillNormal(values, stream(1, 'noise'))
  const mean = (of: (value: number) => number): number =>
    values.reduce((sum, value) => sum + of(value), 0) / values.length
  expect(Math.abs(mean((v) => v))).toBeLessThan(0.01)
  expect(mean((v) => v ** 2)).toBeCloseTo(1, 1.7)
  expect(mean((v) => v ** 4)).toBeCloseTo(3, 1)
  const sorted = values.toSorted()
  const quantile = (p: number): number => sorted[Math.round(p * values.length)]
  expect(quantile(0.5)).toBeCloseTo(0, 1)
  expect(quantile(0.841_344_746)).toBeCloseTo(1, 1)
  expect(quantile(0.022_750_132)).toBeCloseTo(-2, 1)
  // The levels of each 16 bits of a number are drawn independently.
  const products = Array.from({ length: values.length - 1 }, (_, i) => values[i] * values[i + 1])
  expect(Math.abs(products.reduce((sum, product) => sum + product, 0) / products.length)).toBeLessThan(0.01)
})
