import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { coarseDropout } from '../../src/augment/dropout/coarseDropout.ts'
import { cropNonEmptyMaskIfExists } from '../../src/augment/geometry/cropNonEmptyMaskIfExists.ts'
import { randomResizedCrop } from '../../src/augment/geometry/randomResizedCrop.ts'
import { transforms } from '../../src/augment/registry.ts'
import type { Sample, Size } from '../../src/augment/sample.ts'
import { stream } from '../../src/core/random.ts'
import { describeWithFixtures } from '../shared.ts'
import { readAugmentFixtures } from './fixtures.ts'

// Every stream has fixed keys: these tests give the same numbers on every machine and every day.

function blank({ height, width }: Size): Sample {
  return { image: new Uint8Array(height * width * 3).fill(1), mask: new Uint8Array(height * width), height, width }
}

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
  return { mean, deviation }
}

/** Within 4 standard errors of the difference, where the reference was itself drawn `drawn` times. */
function expectMean(values: readonly number[], reference: number, drawn = Infinity): void {
  const { mean, deviation } = moments(values)
  const error = deviation * Math.sqrt(1 / values.length + 1 / drawn)
  expect(Math.abs(mean - reference)).toBeLessThan(4 * error)
}

/**
 * χ² of counts against probabilities, as standard normal deviations (Wilson and Hilferty 1931); bins that expect fewer than 5 are one.
 * 3.09 is p = 1e-3.
 */
function chiSquareDeviations(counts: readonly number[], probabilities: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let [statistic, bins, restCount, restExpected] = [0, 0, 0, 0]
  const add = (count: number, expected: number): void => {
    statistic += (count - expected) ** 2 / expected
    bins++
  }
  counts.forEach((count, i) => {
    const expected = probabilities[i] * total
    if (expected >= 5) add(count, expected)
    else [restCount, restExpected] = [restCount + count, restExpected + expected]
  })
  if (restExpected > 0) add(restCount, restExpected)
  const freedom = bins - 1
  const variance = 2 / (9 * freedom)
  return (Math.cbrt(statistic / freedom) - (1 - variance)) / Math.sqrt(variance)
}
const improbable = 3.09

describeWithFixtures('what is left to chance is as in Albumentations', 'augment', (folder) => {
  if (folder === '') return
  const { tensors, bytes } = readAugmentFixtures(folder)
  const distributions = JSON.parse(readFileSync(`${folder}/distributions.json`, 'utf8')) as Record<string, unknown>

  interface CropRow {
    readonly mask: string
    readonly height: number
    readonly width: number
    readonly ignore_values: number[]
    readonly p_y_min: readonly number[]
  }
  const crops = (distributions['CropNonEmptyMaskIfExists'] as CropRow[]).flatMap((row, index) =>
    'p_y_min' in row ? [[`${row.mask}, ${row.height}×${row.width}`, row, index] as const] : [],
  )
  it.each(crops)('CropNonEmptyMaskIfExists: %s', (_name, { mask, height, width, ignore_values }, index) => {
    const [imageHeight, imageWidth] = tensors.get(`input/${mask}`)!.shape
    const sample = { ...blank({ height: imageHeight, width: imageWidth }), mask: bytes(`input/${mask}`) }
    const args = cropNonEmptyMaskIfExists.arguments.parse({ height, width, ignore_values })
    const wanted = tensors.get(`crop_non_empty/${index}/p_top_left`)!
    const [, columns] = wanted.shape
    const counts = Array.from({ length: wanted.data.length }, () => 0)
    const random = stream(11, 'crop', index)
    for (let i = 0; i < 20_000; i++) {
      const { top, left } = cropNonEmptyMaskIfExists.draw(sample, args, random)
      counts[top * columns + left]++
    }
    const probabilities = Array.from(wanted.data, Number)
    expect(counts.filter((count, i) => count > 0 && probabilities[i] === 0)).toEqual([])
    expect(chiSquareDeviations(counts, probabilities)).toBeLessThan(improbable)
  })

  const dropout = Object.keys(distributions).find((name) => name.startsWith('CoarseDropout('))!
  const { coverage } = distributions[dropout] as {
    coverage: Record<string, { mean_fraction_covered: number; monte_carlo_runs: number }>
  }
  const given = Object.fromEntries(
    dropout
      .slice('CoarseDropout('.length, -1)
      .split(',')
      .map((pair) => pair.split('=')),
  ) as Record<string, string>
  it.each(Object.entries(coverage))('CoarseDropout covers of %s', (size, reference) => {
    const [height, width] = size.split('x').map(Number)
    const numbers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, Number(value)]))
    const args = coarseDropout.arguments.parse(numbers)
    const sample = blank({ height, width })
    const covered = Array.from({ length: 300 }, (_, index) => {
      const { image } = coarseDropout.apply(sample, args, stream(7, size, index))
      let count = 0
      for (let i = 0; i < image.length; i += 3) if (image[i] === 0) count++
      return count / (height * width)
    })
    expectMean(covered, reference.mean_fraction_covered, reference.monte_carlo_runs)
  })

  it('CoarseDropout in the spelling of 2.x is the same as in that of 1.x', () => {
    const [height, width] = [64, 80]
    const old = coarseDropout.arguments.parse(
      Object.fromEntries(Object.entries(given).map(([name, value]) => [name, Number(value)])),
    )
    const now = coarseDropout.arguments.parse({
      num_holes_range: [old.min_holes, old.max_holes],
      hole_height_range: [old.min_height, old.max_height],
      hole_width_range: [old.min_width, old.max_width],
    })
    for (let index = 0; index < 20; index++) {
      const [a, b] = [old, now].map(
        (args) => coarseDropout.draw(blank({ height, width }), args, stream(1, index)).holes,
      )
      expect(a).toEqual(b)
    }
  })

  it('RandomResizedCrop cuts windows of the same area, shape and place', () => {
    const reference = distributions['RandomResizedCrop'] as Record<string, number> & { size: number[]; draws: number }
    const [height, width] = reference.size as unknown as [number, number]
    const args = randomResizedCrop.arguments.parse({ size: [32, 32] })
    const random = stream(3, 'resized crop')
    const windows = Array.from({ length: 6000 }, () => randomResizedCrop.draw(blank({ height, width }), args, random).window) // prettier-ignore
    const of = (value: (window: (typeof windows)[number]) => number): number[] => windows.map(value)
    const drawn = reference.draws
    expectMean(of((w) => (w.height * w.width) / (height * width)), reference['area_fraction_mean'], drawn) // prettier-ignore
    expectMean(of((w) => Math.log(w.width / w.height)), reference['log_aspect_mean'], drawn) // prettier-ignore
    expectMean(of((w) => w.left), reference['x1_mean'], drawn) // prettier-ignore
    expectMean(of((w) => w.top), reference['y1_mean'], drawn) // prettier-ignore
  })
})

describe('CropNonEmptyMaskIfExists', () => {
  it('is drawn to no ignored pixel, and uniformly where the mask has no class but 0', () => {
    const sample = { ...blank({ height: 12, width: 10 }), mask: new Uint8Array(120).fill(0) }
    sample.mask[119] = 255
    const args = cropNonEmptyMaskIfExists.arguments.parse({ height: 9, width: 8 })
    const random = stream(5)
    const counts = Array.from({ length: 12 }, () => 0)
    for (let i = 0; i < 6000; i++) {
      const { top, left } = cropNonEmptyMaskIfExists.draw(sample, args, random)
      counts[top * 3 + left]++
    }
    expect(chiSquareDeviations(counts, counts.map(() => 1 / 12))).toBeLessThan(improbable) // prettier-ignore
  })

  it('says in the words of Albumentations that a crop is too large', () => {
    const args = cropNonEmptyMaskIfExists.arguments.parse({ height: 300, width: 20 })
    expect(() => cropNonEmptyMaskIfExists.outputSizes({ height: 200, width: 100 }, args)).toThrow(
      'Crop size (300,20) is larger than image (200,100)',
    )
  })
})

describe('every transform', () => {
  const sample = ((): Sample => {
    const random = stream(9)
    const [height, width] = [37, 53]
    return {
      height,
      width,
      image: Uint8Array.from({ length: height * width * 3 }, () => random.integer(256)),
      mask: Uint8Array.from({ length: height * width }, (_, i) => (i % 97 < 20 ? 2 : 0)),
    }
  })()
  const nested = [{ name: 'HorizontalFlip' }, { name: 'Rotate', limit: 20 }]
  const needed: Readonly<Record<string, object>> = {
    Resize: { height: 20, width: 30 },
    RandomCrop: { height: 20, width: 30 },
    CenterCrop: { height: 20, width: 30 },
    CropNonEmptyMaskIfExists: { height: 20, width: 30 },
    RandomResizedCrop: { size: [20, 30] },
    LongestMaxSize: { max_size: [20, 40] },
    SmallestMaxSize: { max_size: [20, 40] },
    PadIfNeeded: { min_height: 50, min_width: 60, position: 'random' },
    Rotate: { crop_border: true },
    Affine: {
      scale: { x: [0.8, 1.2] },
      translate_percent: 0.1,
      rotate: [-20, 20],
      shear: [-5, 5],
      balanced_scale: true,
    },
    ElasticTransform: { alpha: 30, sigma: 4 },
    OneOf: { transforms: nested },
    SomeOf: { transforms: nested, n: 2 },
    Sequential: { transforms: nested },
  }

  it.each(transforms.names)(
    '%s gives a size that it foretold, labels that it may, and the same for the same stream',
    (name) => {
      const transform = transforms.get(name)
      const args = transform.arguments.parse({ ...needed[name], p: 1 })
      const before = sample.image.slice()
      const foretold = transform.outputSizes({ height: sample.height, width: sample.width }, args)
      for (let index = 0; index < 4; index++) {
        const output = transform.apply(sample, args, stream(2, name, index))
        expect(foretold).toContainEqual({ height: output.height, width: output.width })
        expect(output.image).toHaveLength(output.height * output.width * 3)
        expect(output.mask.every((label) => [0, 2, 255].includes(label))).toBe(true)
        const again = transform.apply(sample, args, stream(2, name, index))
        expect(Buffer.compare(again.image, output.image)).toBe(0)
        expect(Buffer.compare(again.mask, output.mask)).toBe(0)
      }
      expect(Buffer.compare(sample.image, before)).toBe(0)
    },
  )
})
