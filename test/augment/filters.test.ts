import { describe, expect, it } from 'vitest'
import { boxBlur } from '../../src/augment/pixels/boxBlur.ts'
import { convolve } from '../../src/augment/pixels/convolve.ts'
import { gaussianBlur, gaussianKernel } from '../../src/augment/pixels/gaussian.ts'
import { grayImage, meanLuma } from '../../src/augment/pixels/gray.ts'
import { throughHsv } from '../../src/augment/pixels/hsv.ts'
import { lookUp, lookUpChannels, scaleLevels, shiftChannels } from '../../src/augment/pixels/lookUp.ts'
import { medianBlur } from '../../src/augment/pixels/median.ts'
import type { Picture } from '../../src/augment/pixels/picture.ts'
import { borderIndex, type BorderMode } from '../../src/augment/warp/border.ts'
import { stream } from '../../src/core/random.ts'

/** Noise: neighbours have nothing in common, so that a wrong one shows. */
function noise(height: number, width: number, channels: number): Picture {
  const random = stream(3, height, width, channels)
  return {
    image: Uint8Array.from({ length: height * width * channels }, () => random.integer(256)),
    height,
    width,
    channels,
  }
}

/** The levels of every square of an image, from its upper left, through a function: what a filter is by its definition. */
function filtered(
  { image, height, width, channels }: Picture,
  side: number,
  border: BorderMode,
  of: (levels: readonly number[]) => number,
): readonly number[] {
  const radius = (side - 1) / 2
  return Array.from(image, (_, i) => {
    const [channel, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)]
    return of(
      Array.from({ length: side * side }, (_, place) => {
        const row = borderIndex(y + Math.floor(place / side) - radius, height, border)
        const column = borderIndex(x + (place % side) - radius, width, border)
        return image[(row * width + column) * channels + channel]
      }),
    )
  })
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const clamped = (values: readonly number[]): readonly number[] => [...Uint8ClampedArray.from(values)]

const shapes = [
  [9, 37, 3],
  [4, 2, 3],
  [1, 5, 1],
] as const

describe.each(shapes)('of an image of %d×%d in %d channels', (height, width, channels) => {
  const picture = noise(height, width, channels)

  it.each([3, 5, 7, 15, 17, 25])('the mean of a square of %d', (side) => {
    const wanted = filtered(picture, side, 'reflect_101', (levels) => sum(levels) / (side * side))
    expect([...boxBlur(picture, side)]).toEqual(clamped(wanted))
  })

  it.each([
    [3, 0],
    [5, 0],
    [7, 0],
    [9, 0],
    [5, 1.7],
    [13, 0],
  ])('a Gaussian of %d and deviation %d', (side, sigma) => {
    const kernel = gaussianKernel(side, sigma)
    const wanted = filtered(picture, side, 'reflect_101', (levels) =>
      sum(levels.map((level, i) => level * kernel[Math.floor(i / side)] * kernel[i % side])),
    )
    expect([...gaussianBlur(picture, kernel)]).toEqual(clamped(wanted))
  })

  it('a kernel of many weights, some of them equal, some negative, that has halves to round', () => {
    const weights = [0, 0.3125, -0.75, 0.3125, 2.125, 0, -0.75, 0.3125, 0.0625]
    const wanted = filtered(picture, 3, 'reflect_101', (levels) => sum(levels.map((level, i) => level * weights[i])))
    expect([...convolve(picture, { side: 3, weights })]).toEqual(clamped(wanted))
  })

  it('a kernel of more equal weights than a sum of sixteen bits holds', () => {
    const white = { ...picture, image: new Uint8Array(picture.image.length).fill(255) }
    const weights = new Float64Array(17 * 17).fill(1 / (17 * 17))
    expect(new Set(convolve(white, { side: 17, weights }))).toEqual(new Set([255]))
  })
})

describe('medians', () => {
  const sample = { ...noise(6, 11, 3), mask: new Uint8Array(66) }

  it.each([3, 5, 7, 15, 17])('of a square of %d', (side) => {
    const middle = (side * side - 1) / 2
    const wanted = filtered(sample, side, 'replicate', (levels) => levels.toSorted((a, b) => a - b)[middle])
    expect([...medianBlur(sample, side)]).toEqual(wanted)
  })
})

describe('levels', () => {
  const sample = { ...noise(3, 31, 3), mask: new Uint8Array(93) }
  const random = stream(4)
  const table = (): Uint8Array => Uint8Array.from({ length: 256 }, () => random.integer(256))

  it('through a table', () => {
    const levels = table()
    expect(lookUp(sample, levels).image).toEqual(sample.image.map((level) => levels[level]))
  })

  it('through a table for each channel', () => {
    const tables = [table(), table(), table()] as const
    expect(lookUpChannels(sample, tables).image).toEqual(sample.image.map((level, i) => tables[i % 3][level]))
  })

  it.each([
    [1.37, -20.2],
    [0.5, 0.25],
    [1, 0.5],
    [0.1, 0.05],
    [1000, -1000],
    [-0.7, 200],
  ])('are multiplied by %d, and %d added, and rounded half up', (factor, added) => {
    const wanted = Array.from(sample.image, (level) => Math.floor(level * factor + added + 0.5))
    expect([...scaleLevels(sample, factor, added).image]).toEqual(clamped(wanted))
  })

  it('are shifted and clamped', () => {
    const shifts = [-200, 0, 90] as const
    const wanted = clamped(Array.from(sample.image, (level, i) => level + shifts[i % 3]))
    expect([...shiftChannels(sample, shifts).image]).toEqual(wanted)
  })

  it('are made gray, and averaged, by whole numbers of 2⁻¹⁵', () => {
    const { image } = sample
    const wanted = Array.from(
      { length: image.length / 3 },
      (_, i) => (9798 * image[i * 3] + 19235 * image[i * 3 + 1] + 3735 * image[i * 3 + 2] + 16384) >> 15,
    )
    expect([...grayImage(image)]).toEqual(wanted.flatMap((level) => [level, level, level]))
    expect(meanLuma(image)).toBeCloseTo(sum(wanted) / wanted.length, 12)
  })
})

/** numerator / divisor, rounded half to even. */
function roundedShare(numerator: number, divisor: number): number {
  const whole = Math.floor(numerator / divisor)
  const rest = 2 * (numerator - whole * divisor) - divisor
  return rest > 0 || (rest === 0 && whole % 2 === 1) ? whole + 1 : whole
}

it('every hue comes back as RGB, rounded once', () => {
  const random = stream(6)
  for (let hue = 0; hue < 180; hue++) {
    const [saturation, value] = [random.integer(256), random.integer(256)]
    const all = (level: number): Uint8Array => new Uint8Array(256).fill(level)
    const tables = { hue: all(hue), saturation: all(saturation), value: all(value) }
    const share = (part: number): number => roundedShare(value * (7650 - saturation * part), 7650)
    const [low, falling, rising] = [share(30), share(hue % 30), share(30 - (hue % 30))]
    const wanted = [
      [value, rising, low],
      [falling, value, low],
      [low, value, rising],
      [low, falling, value],
      [rising, low, value],
      [value, low, falling],
    ][Math.floor(hue / 30)]
    expect([...throughHsv(Uint8Array.of(1, 2, 3), tables)]).toEqual(wanted)
  }
})
