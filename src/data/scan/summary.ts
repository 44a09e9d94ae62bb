import type { Size } from '../../augment/sample.ts'
import type { MaskRules } from '../maskRules.ts'
import { balanceAdvice, type Advice } from './balanceAdvice.ts'
import { channelStatistics, type ChannelStatistics } from './channelStatistics.ts'
import type { Examination } from './examination.ts'
import { joined, noObjects, type Objects } from './objects.ts'
import { placeCells } from './scanMask.ts'
import { hasNoObject, wholeScans, type WholeScan } from './scanPairs.ts'

/** A class in the images of a part of the data set. */
export interface ClassCount {
  readonly id: number
  readonly name: string
  readonly pixels: number
  /** How many images show it. */
  readonly images: number
}

export interface PartSummary extends Partial<ChannelStatistics> {
  readonly images: number
  /** The most frequent first. */
  readonly imageSizes: readonly (Size & { readonly images: number })[]
  readonly classes: readonly ClassCount[]
  /** Pixels that are neither trained nor scored, and how many images have some. */
  readonly ignored: { readonly id: number | null; readonly pixels: number; readonly images: number }
}

export interface ClassShape {
  readonly id: number
  readonly name: string
  readonly objects: Objects
  /** [8][8] mean share of each cell of an image that the class covers, 0 … 1, rounded to 1/255 in each image. */
  readonly places: readonly (readonly number[])[]
}

export interface DatasetSummary extends PartSummary {
  /** Pairs that cannot be used and are counted nowhere. */
  readonly unusable: number
  /** Images that show no class but the first. */
  readonly imagesWithoutObjects: number
  readonly shapes: readonly ClassShape[]
  /** [class][class] images that show both. */
  readonly coOccurrence: readonly (readonly number[])[]
  readonly folds: readonly { readonly fold: number; readonly train: PartSummary; readonly validation: PartSummary }[]
  /** Where the project names groups, in the order of their names. */
  readonly groups: readonly (PartSummary & { readonly group: string })[]
  readonly advice: readonly Advice[]
}

/** Figures of all usable pairs, of each fold and of each group. */
export function summarizeDataset({ scans, rules, split, groups }: Examination): DatasetSummary {
  const whole = wholeScans(scans)
  const byName = new Map(whole.map((scan) => [scan.pair.name, scan]))
  const part = (names: readonly string[]): PartSummary =>
    summarizePart(
      names.map((name) => byName.get(name)).filter((scan) => scan !== undefined),
      rules,
    )
  const named = [...new Set(groups?.values())].sort()
  return {
    ...summarizePart(whole, rules),
    unusable: scans.length - whole.length,
    imagesWithoutObjects: whole.filter(hasNoObject).length,
    shapes: rules.classes.ids.map((_, label) => shapeOf(whole, rules, label)),
    coOccurrence: coOccurrence(whole, rules.classes.count),
    folds: (split?.folds ?? []).map(({ train, validation }, fold) => ({
      fold,
      train: part(train),
      validation: part(validation),
    })),
    groups: named.map((group) => ({
      group,
      ...part([...byName.keys()].filter((name) => groups?.get(name) === group)),
    })),
    advice: balanceAdvice(whole, rules),
  }
}

/** Figures of some pairs. */
export function summarizePart(scans: readonly WholeScan[], { classes, ignoreIndex }: MaskRules): PartSummary {
  const total = (value: (scan: WholeScan) => number): number => scans.reduce((sum, scan) => sum + value(scan), 0)
  return {
    images: scans.length,
    imageSizes: sizesOf(scans),
    ...channelStatistics(scans.map(({ image }) => image)),
    classes: classes.ids.map((id, label) => ({
      id,
      name: classes.names[label],
      pixels: total(({ mask }) => mask.classes[label].pixels),
      images: total(({ mask }) => Number(mask.classes[label].pixels > 0)),
    })),
    ignored: {
      id: ignoreIndex,
      pixels: total(({ mask }) => mask.ignored),
      images: total(({ mask }) => Number(mask.ignored > 0)),
    },
  }
}

function sizesOf(scans: readonly WholeScan[]): PartSummary['imageSizes'] {
  const counts = new Map<string, Size & { images: number }>()
  for (const { image } of scans) {
    const { height, width } = image
    const key = `${height}x${width}`
    counts.set(key, { height, width, images: (counts.get(key)?.images ?? 0) + 1 })
  }
  return [...counts.values()].sort((a, b) => b.images - a.images)
}

function shapeOf(scans: readonly WholeScan[], { classes }: MaskRules, label: number): ClassShape {
  const own = scans.map(({ mask }) => mask.classes[label])
  const sums = new Float64Array(placeCells * placeCells)
  for (const { places } of own) Buffer.from(places, 'base64').forEach((share, cell) => (sums[cell] += share / 255))
  const means = Array.from(sums, (sum) => sum / scans.length)
  return {
    id: classes.ids[label],
    name: classes.names[label],
    objects: own.reduce((sum, { objects }) => joined(sum, objects), noObjects),
    places: Array.from({ length: placeCells }, (_, row) => means.slice(row * placeCells, (row + 1) * placeCells)),
  }
}

function coOccurrence(scans: readonly WholeScan[], count: number): number[][] {
  const both = Array.from({ length: count }, () => new Array<number>(count).fill(0))
  for (const { mask } of scans) {
    const shown = mask.classes.flatMap(({ pixels }, label) => (pixels > 0 ? [label] : []))
    for (const a of shown) for (const b of shown) both[a][b]++
  }
  return both
}
