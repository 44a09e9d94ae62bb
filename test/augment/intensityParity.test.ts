import { describe, expect, it } from 'vitest'
import { blur } from '../../src/augment/intensity/blur.ts'
import { channelShuffle } from '../../src/augment/intensity/channelShuffle.ts'
import { clahe } from '../../src/augment/intensity/clahe.ts'
import { colorChanges, colorJitter } from '../../src/augment/intensity/colorJitter.ts'
import { gaussianBlur } from '../../src/augment/intensity/gaussianBlur.ts'
import { hueSaturationValue } from '../../src/augment/intensity/hueSaturationValue.ts'
import { invertImg } from '../../src/augment/intensity/invertImg.ts'
import { medianBlur } from '../../src/augment/intensity/medianBlur.ts'
import { motionBlur } from '../../src/augment/intensity/motionBlur.ts'
import { posterize } from '../../src/augment/intensity/posterize.ts'
import { randomBrightnessContrast } from '../../src/augment/intensity/randomBrightnessContrast.ts'
import { randomGamma } from '../../src/augment/intensity/randomGamma.ts'
import { rgbShift } from '../../src/augment/intensity/rgbShift.ts'
import { sharpen } from '../../src/augment/intensity/sharpen.ts'
import { solarize } from '../../src/augment/intensity/solarize.ts'
import { toGray } from '../../src/augment/intensity/toGray.ts'
import { equalizeTiles } from '../../src/augment/pixels/equalize.ts'
import { gaussianKernel } from '../../src/augment/pixels/gaussian.ts'
import { rgbToHsv } from '../../src/augment/pixels/hsv.ts'
import type { Sample } from '../../src/augment/sample.ts'
import { describeWithFixtures } from '../shared.ts'
import { differences, limits, readAugmentFixtures, type AugmentCase } from './fixtures.ts'

type Numbers = Readonly<Record<string, number>>

const changes = ['brightness', 'contrast', 'saturation', 'hue'] as const

/** What each transform of the fixtures does with the parameters that stand there. */
const performed: Readonly<Record<string, (sample: Sample, fixed: AugmentCase['arguments']) => Sample>> = {
  RandomBrightnessContrast: (sample, fixed) => {
    const { alpha, beta, mean = 255 } = fixed as Numbers
    return randomBrightnessContrast.perform(sample, { factor: alpha, added: beta * mean })
  },
  'ColorJitter.brightness': (sample, { factor }) => colorChanges.brightness(sample, factor as number),
  'ColorJitter.contrast': (sample, { factor }) => colorChanges.contrast(sample, factor as number),
  'ColorJitter.saturation': (sample, { factor }) => colorChanges.saturation(sample, factor as number),
  'ColorJitter.hue': (sample, { factor }) => colorChanges.hue(sample, factor as number),
  ColorJitter: (sample, { order, ...by }) =>
    colorJitter.perform(
      sample,
      (order as number[]).map((index) => [changes[index], (by as Numbers)[changes[index]]] as const),
    ),
  HueSaturationValue: (sample, fixed) => {
    const { hue_shift: hue, sat_shift: saturation, val_shift: value } = fixed as Numbers
    return hueSaturationValue.perform(sample, { hue, saturation, value })
  },
  'cvtColor.RGB2HSV': (sample) => ({ ...sample, image: rgbToHsv(sample.image) }),
  RGBShift: (sample, fixed) => {
    const { r: red, g: green, b: blue } = fixed as Numbers
    return rgbShift.perform(sample, { red, green, blue })
  },
  RandomGamma: (sample, { gamma }) => randomGamma.perform(sample, gamma as number),
  CLAHE: (sample, { clip_limit, tile_grid_size }) => {
    const [columns, rows] = tile_grid_size as [number, number]
    return clahe.perform(sample, { limit: clip_limit as number, tiles: { columns, rows } })
  },
  ToGray: (sample, { method }) => toGray.perform(sample, method as 'average'),
  ChannelShuffle: (sample, { order }) => channelShuffle.perform(sample, order as [number, number, number]),
  InvertImg: (sample) => invertImg.perform(sample, null),
  Posterize: (sample, { bits }) => posterize.perform(sample, [bits, bits, bits] as [number, number, number]),
  // The fixture hands its 128 to a function that wants a share of 255: nothing is inverted.
  Solarize: (sample, { threshold }) => solarize.perform(sample, 255 * (threshold as number)),
  GaussianBlur: (sample, { kernel, sigma }) =>
    gaussianBlur.perform(sample, { side: kernel as number, sigma: sigma as number }),
  Blur: (sample, { kernel }) => blur.perform(sample, kernel as number),
  MedianBlur: (sample, { kernel }) => medianBlur.perform(sample, kernel as number),
  MotionBlur: (sample, { kernel }) => motionBlur.perform(sample, kernelOf(kernel as number[][])),
  Sharpen: (sample, { matrix }) => sharpen.perform(sample, kernelOf(matrix as number[][])),
}

function kernelOf(rows: readonly (readonly number[])[]): { side: number; weights: number[] } {
  return { side: rows.length, weights: rows.flat() }
}

describeWithFixtures('intensity transforms equal Albumentations', 'augment', (folder) => {
  if (folder === '') return
  const { cases, tensors, bytes, inputOf } = readAugmentFixtures(folder)
  const known = cases.filter(({ transform }) => transform in performed)

  it('has a case for every transform that is compared', () => {
    expect(new Set(known.map(({ transform }) => transform))).toEqual(new Set(Object.keys(performed)))
  })

  it.each(known.filter(({ input }) => input === 'image').map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const sample = inputOf(one)
    const before = sample.image.slice()
    const { image, mask } = performed[one.transform](sample, one.arguments)
    const wanted = bytes(`${one.id}/image`)
    if (one.transform === 'cvtColor.RGB2HSV') turnHues(image, wanted)
    const { largest, mean } = differences(image, wanted)
    const allowed = limits(typeof one.tolerance === 'string' ? one.tolerance : one.tolerance.image)
    expect(largest).toBeLessThanOrEqual(allowed.largest)
    expect(mean).toBeLessThanOrEqual(allowed.mean)
    expect(mask).toBe(sample.mask)
    expect(sample.image).toEqual(before)
  })

  it.each(known.filter(({ input }) => input === 'gray').map((one) => [one.id, one] as const))(
    '%s on one channel',
    (_id, one) => {
      const [height, width] = tensors.get(`input/${one.input}`)!.shape
      const { clip_limit, tile_grid_size } = one.arguments as { clip_limit: number; tile_grid_size: [number, number] }
      const [columns, rows] = tile_grid_size
      const levels = equalizeTiles(bytes(`input/${one.input}`), { height, width }, clip_limit, { columns, rows })
      const { largest } = differences(levels, bytes(`${one.id}/image`))
      expect(largest).toBeLessThanOrEqual(limits(one.tolerance as string).largest)
    },
  )

  describe('Gaussian kernels', () => {
    const kernels = cases.filter((one): one is AugmentCase & { weights: number[] } => 'weights' in one)
    it.each(kernels.map((one) => [one.id, one] as const))('%s', (_id, { arguments: fixed, weights }) => {
      const { kernel, sigma } = fixed as Numbers
      expect(differences(gaussianKernel(kernel, sigma), weights).largest).toBeLessThan(1e-6)
    })
  })
})

/** Hues 179 and 0 are neighbours: brings the wanted one to the side of ours. */
function turnHues(image: Uint8Array, wanted: Uint8Array): void {
  for (let i = 0; i < image.length; i += 3) if (Math.abs(image[i] - wanted[i]) > 170) image[i] = wanted[i]!
}
