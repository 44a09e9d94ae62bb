import { expect, it } from 'vitest'
import { coarseDropout } from '../../src/augment/dropout/coarseDropout.ts'
import { d4 } from '../../src/augment/geometry/d4.ts'
import { randomResizedCrop } from '../../src/augment/geometry/randomResizedCrop.ts'
import { transforms } from '../../src/augment/registry.ts'
import type { Sample } from '../../src/augment/sample.ts'
import type { SymmetryName } from '../../src/augment/symmetry.ts'
import type { Random } from '../../src/augment/transform.ts'
import { borderOf, type BorderMode } from '../../src/augment/warp/border.ts'
import { smoothedNoise } from '../../src/augment/warp/displacement.ts'
import { distortedAxis, normalizedSteps } from '../../src/augment/warp/distortedAxis.ts'
import { lensMap } from '../../src/augment/warp/lensMap.ts'
import { affineMatrix, invert, multiply, type AffineParts, type Matrix } from '../../src/augment/warp/matrix.ts'
import { quadrangleToImage, type Quadrangle } from '../../src/augment/warp/quadrangle.ts'
import { displacementMap, matrixMap, separableMap, type SourceMap } from '../../src/augment/warp/sourceMap.ts'
import { warp } from '../../src/augment/warp/warp.ts'
import { stream } from '../../src/core/random.ts'
import { describeWithFixtures } from '../shared.ts'
import { differences, limits, readAugmentFixtures, type AugmentCase, type AugmentFixtures } from './fixtures.ts'

type Fixed = Readonly<Record<string, unknown>>
type Performed = (sample: Sample, fixed: Fixed, fixtures: AugmentFixtures) => Sample

/** The transform itself, with what is left to chance given: whole numbers in the order in which they are drawn. */
function applied(name: string, args: Fixed, draws: number[] = []): (sample: Sample) => Sample {
  const transform = transforms.get(name)
  const random: Random = {
    next: () => 0.5,
    integer: () => draws.shift() ?? 0,
    normal: () => 0,
    shuffle: (list) => list,
  }
  return (sample) => {
    const parsed = transform.arguments.parse(args)
    const output = transform.apply(sample, parsed, random)
    expect(transform.outputSizes({ height: sample.height, width: sample.width }, parsed)).toContainEqual({
      height: output.height,
      width: output.width,
    })
    return output
  }
}

const asItIs =
  (name: string): Performed =>
  (sample, fixed) =>
    applied(name, fixed)(sample)

/** What all warps share; cases that say nothing of the mask's border were made with 0. */
function warped(sample: Sample, fixed: Fixed, map: SourceMap): Sample {
  const border = { fill_mask: 0, ...fixed } as unknown as { border_mode: BorderMode; fill: number; fill_mask: number }
  return warp(sample, {
    map,
    size: { height: sample.height, width: sample.width },
    interpolation: 'linear',
    border: borderOf(border),
  })
}

function matrixOf(fixed: Fixed): Matrix {
  return (fixed['matrix_source_to_output'] as number[][]).flat() as unknown as Matrix
}

/** Numbers that came another way are the same to a few roundings. */
function expectClose(actual: readonly number[], wanted: readonly number[], tolerance: number): void {
  actual.forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThan(tolerance * Math.max(1, Math.abs(wanted[i])))
  })
}

/** What each transform of the fixtures does with the parameters that stand there. */
const performed: Readonly<Record<string, Performed>> = {
  HorizontalFlip: asItIs('HorizontalFlip'),
  VerticalFlip: asItIs('VerticalFlip'),
  Transpose: asItIs('Transpose'),
  PadIfNeeded: asItIs('PadIfNeeded'),
  CenterCrop: asItIs('CenterCrop'),
  Resize: asItIs('Resize'),
  LongestMaxSize: asItIs('LongestMaxSize'),
  SmallestMaxSize: asItIs('SmallestMaxSize'),
  RandomRotate90: (sample, { factor }) => applied('RandomRotate90', {}, [factor as number])(sample),
  RandomCrop: (sample, fixed) => {
    const [left, top] = fixed['crop_coords'] as [number, number]
    return applied('RandomCrop', fixed, [top, left])(sample)
  },
  D4: (sample, { group_element: element }) => d4.perform(sample, element as SymmetryName),
  RandomResizedCrop: (sample, fixed) => {
    const [left, top, right, bottom] = fixed['crop_coords'] as number[]
    const [height, width] = fixed['size'] as number[]
    const window = { top, left, height: bottom - top, width: right - left }
    return randomResizedCrop.perform(sample, { window, size: { height, width }, interpolation: 'linear' })
  },
  Affine: (sample, fixed) => {
    const matrix = affineMatrix(fixed as unknown as AffineParts, sample)
    expectClose(matrix, matrixOf(fixed), 1e-12)
    return warped(sample, fixed, matrixMap(matrix))
  },
  'ShiftScaleRotate(1.3)': (sample, fixed) => warped(sample, fixed, matrixMap(matrixOf(fixed))),
  Perspective: (sample, fixed) => {
    const [from, to] = [fixed['from'], fixed['to']] as [Quadrangle, Quadrangle]
    // Ours knows the way to the whole image alone; the case goes from the rectangle of pixel centres.
    const unit = { height: 1, width: 1 }
    const [a, b] = [quadrangleToImage(from, unit), quadrangleToImage(to, unit)]
    expectClose(scaled(multiply(invert(b), a)), matrixOf(fixed), 1e-6)
    return warped(sample, fixed, matrixMap(matrixOf(fixed)))
  },
  ElasticTransform: (sample, fixed, { tensors }) => {
    const { alpha, sigma, kernel } = fixed as { alpha: number; sigma: number; kernel: number }
    const field = (axis: string): Float32Array =>
      smoothedNoise(
        (tensors.get(`elastic/noise_${axis}`)!.data as Float32Array).slice(),
        sample,
        sigma,
        kernel >> 1,
        alpha,
      )
    return warped(sample, fixed, displacementMap(field('x'), field('y')))
  },
  GridDistortion: (sample, fixed) => {
    const count = fixed['num_steps'] as number
    const normalized = fixed['normalized_steps'] as Record<string, number[]>
    const axis = (length: number, steps: 'steps_x' | 'steps_y'): Float32Array => {
      // normalize_grid_distortion_steps has changed the last of the steps that it was given.
      const cell = Math.floor(length / count)
      const drawn = (fixed[steps] as number[]).with(-1, ((fixed[steps] as number[]).at(-1)! * cell) / (length % cell))
      const ours = normalizedSteps(length, count, drawn)
      expectClose(ours, normalized[steps], 1e-12)
      return distortedAxis(length, count, ours)
    }
    return warped(sample, fixed, separableMap(axis(sample.width, 'steps_x'), axis(sample.height, 'steps_y')))
  },
  OpticalDistortion: (sample, fixed) =>
    warped(sample, fixed, lensMap(sample, fixed['k'] as number, fixed['mode'] as 'camera')),
  CoarseDropout: (sample, fixed) => {
    const holes = (fixed['holes_x1y1x2y2'] as number[][]).map(([x1, y1, x2, y2]) => ({
      left: x1,
      top: y1,
      width: x2 - x1,
      height: y2 - y1,
    }))
    return coarseDropout.perform(sample, {
      holes,
      fill: fixed['fill'] as number,
      fillMask: fixed['fill_mask'] as number | null,
      random: stream(0),
    })
  },
}

describeWithFixtures('transforms of geometry equal Albumentations', 'augment', (folder) => {
  if (folder === '') return
  const fixtures = readAugmentFixtures(folder)
  const { cases, tensors, bytes, inputOf } = fixtures
  const known = cases.filter(({ transform }) => transform in performed)

  it('has a case for every transform that is compared', () => {
    expect(new Set(known.map(({ transform }) => transform))).toEqual(new Set(Object.keys(performed)))
  })

  it.each(known.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const sample = inputOf(one)
    const before = { image: sample.image.slice(), mask: sample.mask.slice() }
    const output = performed[one.transform](sample, one.arguments, fixtures)
    const exact = one.outputs.includes('image_exact') ? 'image_exact' : 'image'
    const [height, width] = tensors.get(`${one.id}/${exact}`)!.shape
    expect([output.height, output.width]).toEqual([height, width])
    const { image, mask } = tolerances(one)
    const difference = differences(output.image, bytes(`${one.id}/${exact}`))
    expect(difference.largest).toBeLessThanOrEqual(image.largest)
    expect(difference.mean).toBeLessThanOrEqual(image.mean)
    if (one.mask !== null)
      expect(otherLabels(output.mask, bytes(`${one.id}/${mask.of}`))).toBeLessThanOrEqual(mask.share)
    expect(differences(sample.image, before.image).largest).toBe(0)
    expect(differences(sample.mask, before.mask).largest).toBe(0)
  })
})

/** `mean|v - image_exact| <= 0.02 and max <= 1`; `differs from mask_exact in at most 0.1 % of the pixels`; `identical to mask` */
function tolerances({ tolerance }: AugmentCase): {
  image: { largest: number; mean: number }
  mask: { of: string; share: number }
} {
  const texts = typeof tolerance === 'string' ? { image: tolerance, mask: 'identical' } : tolerance
  const percent = /differs from (\w+) in at most ([\d.]+) %/.exec(texts.mask)
  return {
    image: limits(texts.image),
    mask: percent === null ? { of: 'mask', share: 0 } : { of: percent[1], share: Number(percent[2]) / 100 },
  }
}

function otherLabels(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((count, label, i) => count + (label === b[i] ? 0 : 1), 0) / a.length
}

/** Homogeneous matrices are the same up to a factor. */
function scaled(matrix: Matrix): readonly number[] {
  return matrix.map((value) => value / matrix[8])
}
