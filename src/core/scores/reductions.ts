import type { ClassCounts } from '../metrics.ts'
import type { CountScore, PixelCounts } from './countScores.ts'

/** How the counts of images and classes become one score, under the names of segmentation_models_pytorch. */
export const reductions = [
  'micro',
  'macro',
  'weighted',
  'micro-imagewise',
  'macro-imagewise',
  'weighted-imagewise',
] as const
export type Reduction = (typeof reductions)[number]

export interface ReductionSettings {
  readonly reduction: Reduction
  /** What 0/0 counts as. */
  readonly zeroDivision: number
  /** Of each class, for the weighted reductions; null weighs all alike. */
  readonly classWeights: readonly number[] | null
}

/**
 * A score of many images as segmentation_models_pytorch 0.6.0 reduces it (definitions 5). `micro` pools images and classes,
 * `macro` pools images and averages classes; `-imagewise` averages over images last. Weights are normalised to the sum 1:
 * `weighted` is their sum of scores, but `weighted-imagewise` divides by the number of classes once more, as the library does.
 * @returns null without images, and for `micro` where all of it is 0/0
 */
export function reducedScore(
  score: CountScore,
  images: readonly ClassCounts[],
  { reduction, zeroDivision, classWeights }: ReductionSettings,
): number | null {
  if (images.length === 0) return null
  const classes = images[0].tp.map((_, index) => index)
  const defined = (counts: PixelCounts): number => {
    const value = score(counts)
    return Number.isNaN(value) ? zeroDivision : value
  }
  const weights = normalized(classWeights ?? classes.map(() => 1))
  const weightedSum = (perClass: readonly number[]): number => sum(perClass.map((value, c) => value * weights[c]))
  const pooledImage = (image: ClassCounts): PixelCounts => pooled(classes.map((c) => countsOfClass(image, c)))
  switch (reduction) {
    case 'micro': {
      const value = score(pooled(images.map(pooledImage)))
      return Number.isNaN(value) ? null : value
    }
    case 'macro':
      return mean(classes.map((c) => defined(pooledClass(images, c))))
    case 'weighted':
      return weightedSum(classes.map((c) => defined(pooledClass(images, c))))
    case 'micro-imagewise':
      return mean(images.map((image) => defined(pooledImage(image))))
    case 'macro-imagewise':
      return mean(images.flatMap((image) => classes.map((c) => defined(countsOfClass(image, c)))))
    case 'weighted-imagewise': {
      const perClass = classes.map((c) => mean(images.map((image) => defined(countsOfClass(image, c)))))
      return weightedSum(perClass) / classes.length
    }
  }
}

/** A score of each class over the pooled images; null where it is 0/0. */
export function classScores(score: CountScore, images: readonly ClassCounts[]): readonly (number | null)[] {
  return (images.at(0)?.tp ?? []).map((_, c) => {
    const value = score(pooledClass(images, c))
    return Number.isNaN(value) ? null : value
  })
}

function pooledClass(images: readonly ClassCounts[], c: number): PixelCounts {
  return pooled(images.map((image) => countsOfClass(image, c)))
}

function countsOfClass({ tp, fp, fn, tn }: ClassCounts, c: number): PixelCounts {
  return { tp: tp[c], fp: fp[c], fn: fn[c], tn: tn[c] }
}

function pooled(list: readonly PixelCounts[]): PixelCounts {
  const of = (kind: keyof PixelCounts): number => sum(list.map((counts) => counts[kind]))
  return { tp: of('tp'), fp: of('fp'), fn: of('fn'), tn: of('tn') }
}

function normalized(weights: readonly number[]): readonly number[] {
  const whole = sum(weights)
  return weights.map((weight) => weight / whole)
}

function sum(values: readonly number[]): number {
  return values.reduce((left, right) => left + right, 0)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}
