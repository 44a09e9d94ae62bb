import * as z from 'zod'
import { throughKernel } from '../kernels/throughKernel.ts'
import { meanLuma } from '../pixels/gray.ts'
import { throughHsv } from '../pixels/hsv.ts'
import { levels, scaleLevels } from '../pixels/lookUp.ts'
import { aroundZero, drawFrom, range, type Range } from '../ranges.ts'
import type { Sample } from '../sample.ts'
import { defineDrawnTransform, probability } from '../transform.ts'

const factor = (what: string) =>
  range([0.8, 1.2], 0, 100).describe(
    `Factor of the ${what} is drawn from this range; one number v means max(0, 1 − v) … 1 + v (default [0.8, 1.2]).`,
  )

const unchanged = levels((v) => v)

/** The four changes by name, as torchvision defines them, each with its own number. */
export const colorChanges = {
  brightness: (sample, by) => scaleLevels(sample, by, 0),
  contrast: (sample, by) => scaleLevels(sample, by, meanLuma(sample.image) * (1 - by)),
  saturation: (sample, by) => ({ ...sample, image: saturated(sample.image, by) }),
  hue: (sample, by) => ({
    ...sample,
    image: throughHsv(sample.image, {
      hue: levels((v) => Math.floor((((v + 180 * by) % 180) + 180) % 180)),
      saturation: unchanged,
      value: unchanged,
    }),
  }),
} as const satisfies Readonly<Record<string, (sample: Sample, by: number) => Sample>>

type Change = keyof typeof colorChanges

export const colorJitter = defineDrawnTransform({
  name: 'ColorJitter',
  summary: 'Changes brightness, contrast, saturation and hue in random order.',
  arguments: z.object({
    brightness: factor('brightness'),
    contrast: factor('contrast'),
    saturation: factor('saturation'),
    hue: range([-0.5, 0.5], -0.5, 0.5).describe(
      'Shift of the hue, as a share of the circle, is drawn from this range; one number h means −h … h (default [-0.5, 0.5]).',
    ),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  /** Changes with their numbers, in the order in which they are made. */
  draw(_sample, args, random): readonly (readonly [Change, number])[] {
    return random.shuffle([
      ['brightness', drawFrom(aroundOne(args.brightness), random)],
      ['contrast', drawFrom(aroundOne(args.contrast), random)],
      ['saturation', drawFrom(aroundOne(args.saturation), random)],
      ['hue', drawFrom(aroundZero(args.hue), random)],
    ])
  },
  perform: (sample, changes) =>
    changes.reduce((current: Sample, [name, by]) => colorChanges[name](current, by), sample),
})

function aroundOne(limit: number | Range): Range {
  return typeof limit === 'number' ? [Math.max(0, 1 - limit), 1 + limit] : limit
}

/** v · by + gray · (1 − by) */
function saturated(image: Uint8Array, by: number): Uint8Array {
  return throughKernel(image, 0, ({ run, from, to }) => {
    run.saturate(from, to, image.length / 3, by)
  })
}
