import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { imageCompression } from '../../src/augment/intensity/imageCompression.ts'
import { applyPipeline, preparePipeline } from '../../src/augment/pipeline.ts'
import { polygonRows } from '../../src/augment/pixels/polygon.ts'
import { drawOdd } from '../../src/augment/ranges.ts'
import type { Sample } from '../../src/augment/sample.ts'
import { stream } from '../../src/core/random.ts'
import { describeWithFixtures } from '../shared.ts'
import { differences, intensityNames } from './fixtures.ts'

/** Smooth colours with some noise: something for every transform to change. */
function picture(height: number, width: number): Sample {
  const random = stream(5, 'picture')
  const image = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    return 128 + 90 * Math.sin(x / 7 + (i % 3)) * Math.cos(y / 9) + 20 * random.next()
  })
  return { image, mask: new Uint8Array(height * width).fill(3), height, width }
}

function gray(level: number, side: number): Sample {
  return {
    image: new Uint8Array(side * side * 3).fill(level),
    mask: new Uint8Array(side * side),
    height: side,
    width: side,
  }
}

function applied(name: string, args: object, sample: Sample, key = 0): Sample {
  return applyPipeline(sample, preparePipeline([{ name, p: 1, ...args }]), stream(1, name, key))
}

function moments(values: ArrayLike<number>): { mean: number; deviation: number } {
  let [sum, squares] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    sum += values[i]
    squares += values[i] * values[i]
  }
  const mean = sum / values.length
  return { mean, deviation: Math.sqrt(squares / values.length - mean * mean) }
}

describe('ImageCompression', () => {
  it.each([
    [64, 48, 95],
    [61, 75, 80],
    [33, 17, 50],
    [17, 31, 20],
    [8, 8, 5],
    [40, 3, 60],
    [5, 1, 60],
  ])('of %d×%d at quality %d is what libjpeg-turbo writes and reads', async (height, width, quality) => {
    const sample = picture(height, width)
    const file = await sharp(sample.image, { raw: { height, width, channels: 3 } })
      .jpeg({ quality, chromaSubsampling: '4:2:0' })
      .toBuffer()
    const read = await sharp(file).raw().toBuffer()
    expect(differences(imageCompression.perform(sample, quality).image, read).largest).toBe(0)
  })
})

describe('GaussNoise', () => {
  it('has the deviation and the mean that it is told', () => {
    const { image } = applied('GaussNoise', { std_range: [0.05, 0.05], mean_range: [0.1, 0.1] }, gray(100, 128))
    const { mean, deviation } = moments(image)
    expect(mean).toBeCloseTo(125.5, 0)
    expect(Math.abs(deviation - 12.75)).toBeLessThan(0.3)
  })

  it('can be the same in all channels', () => {
    const { image } = applied('GaussNoise', { per_channel: false }, gray(128, 32))
    for (let i = 0; i < image.length; i += 3) expect([image[i + 1], image[i + 2]]).toEqual([image[i], image[i]])
  })
})

describe('ISONoise', () => {
  it('brightens by its Poisson noise and leaves the hue', () => {
    const sample = picture(64, 64)
    const { image } = applied('ISONoise', { intensity: [0.5, 0.5] }, sample)
    expect(moments(image).mean).toBeGreaterThan(moments(sample.image).mean + 1)
  })
})

describe('RandomShadow', () => {
  it('darkens pixels of its part of the image by its share', () => {
    const { image } = applied('RandomShadow', { num_shadows_limit: [1, 1], shadow_roi: [0, 0.5, 1, 1] }, gray(200, 64))
    expect(new Set(image)).toEqual(new Set([200, 100]))
    expect(new Set(image.subarray(0, 32 * 64 * 3))).toEqual(new Set([200]))
  })

  it('fills a polygon with its outline', () => {
    const corners = [
      { x: 1, y: 1 },
      { x: 4, y: 1 },
      { x: 4, y: 3 },
      { x: 1, y: 3 },
    ]
    expect([...polygonRows(corners, { height: 5, width: 6 })]).toEqual([1, 2, 3].map((y) => ({ y, first: 1, last: 4 })))
  })
})

describe('RandomFog', () => {
  it('brightens, and by no more than its opacity', () => {
    const { image } = applied('RandomFog', { alpha_coef: 0.5, fog_coef_range: [1, 1] }, gray(55, 64))
    const { mean } = moments(image)
    expect(mean).toBeGreaterThan(100)
    expect(Math.max(...image)).toBeLessThanOrEqual(155)
  })
})

describe('Solarize', () => {
  it('inverts from its threshold on', () => {
    const sample = picture(16, 16)
    const { image } = applied('Solarize', {}, sample)
    expect(image).toEqual(sample.image.map((v) => (v >= 127.5 ? 255 - v : v)))
  })
})

describe('ranges', () => {
  it('draws every odd number of a range, and no other', () => {
    const random = stream(1)
    const drawn = new Set(Array.from({ length: 200 }, () => drawOdd([3, 8], random)))
    expect([...drawn].sort()).toEqual([3, 5, 7])
  })
})

describe.each(intensityNames)('%s', (name) => {
  it('changes the image alone, leaves what it was given, and draws the same for the same stream', () => {
    const sample = picture(40, 33)
    const first = applied(name, {}, sample)
    expect(sample).toEqual(picture(40, 33))
    expect(first.mask).toBe(sample.mask)
    expect(applied(name, {}, sample)).toEqual(first)
  })
})

describeWithFixtures('GaussNoise as measured', 'augment', (folder) => {
  if (folder === '') return
  const all = JSON.parse(readFileSync(`${folder}/distributions.json`, 'utf8')) as Record<string, { std: number }>
  const measured = Object.entries(all).filter(([name]) => name.startsWith('GaussNoise('))

  // The library cuts the noise to whole numbers towards 0, ours rounds the sum: a few percent apart.
  it.each(measured)('%s', (name, { std }) => {
    const range = /std_range=\(([\d.]+),([\d.]+)\)/.exec(name)
    const args = range === null ? {} : { std_range: [Number(range[1]), Number(range[2])] }
    const pixels = Array.from({ length: 60 }, (_, key) => [...applied('GaussNoise', args, gray(128, 64), key).image])
    const { deviation } = moments(pixels.flat())
    expect(deviation / std).toBeGreaterThan(0.95)
    expect(deviation / std).toBeLessThan(1.06)
  })
})
