import type { BenchCase, BenchKind, BenchSettings, Measure, Row } from './benchKind.ts'
import { augmentCases, sides, type AugmentCase } from './augmentCases.ts'
import { drawAugmentImages } from './augmentImages.ts'
import { runChild, runPython } from './childProcess.ts'
import { versionsOf } from './machine.ts'

/** Milliseconds of a transform, by side of the image and name; null where the reference has no such transform. */
type Times = Readonly<Record<string, Readonly<Record<string, number | null>>>>

interface Rounds {
  readonly ours: readonly Times[]
  /** Empty without a reference. */
  readonly theirs: readonly Times[]
}

export const augment: BenchKind = {
  name: 'augment',
  title: 'Transforms',
  text: `One transform of an image with its mask, in memory, on one thread, with the arguments of \`bench/augmentCases.ts\` and p 1. The reference is Albumentations over OpenCV; its transforms stand alone in a Compose, as ours in an \`augment\` list. Every process measures all transforms, ours and the reference in turn. The geometric mean is over the common ones, of which an \`augment\` list is usually made; "rare" are the others.`,
  cases: (settings) => {
    let rounds: Rounds | undefined
    const measured = (): Rounds => (rounds ??= measureRounds(settings))
    return sides.flatMap((side): readonly BenchCase[] => [
      ...augmentCases(side).map((each) => ({
        name: `${each.name}${each.isCommon ? '' : ' (rare)'}, ${side}`,
        measure: () => transformRow(each, side, measured()),
      })),
      { name: `geometric mean, ${side}`, measure: () => meanRow(side, measured()) },
    ])
  },
}

function measureRounds({ rounds, python }: BenchSettings): Rounds {
  const images = drawAugmentImages()
  const hasReference = python !== undefined && 'albumentations' in versionsOf(python)
  const argument = { sides: sides.map((side) => ({ side, file: images[side], cases: augmentCases(side) })) }
  const ours: Times[] = []
  const theirs: Times[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(runChild('ourAugment', argument) as Times)
    if (hasReference)
      theirs.push(runPython(python, 'albumentationsTimes.py', { settings: JSON.stringify(argument) }, quiet) as Times)
  }
  return { ours, theirs }
}

/** Albumentations asks the network for a newer version of itself otherwise. */
const quiet = { NO_ALBUMENTATIONS_UPDATE: '1' }

function transformRow({ name }: AugmentCase, side: number, { ours, theirs }: Rounds): Row {
  const timesOf = (list: readonly Times[]): readonly (number | null)[] => list.map((times) => times[side][name])
  return row(timesOf(ours), timesOf(theirs), side)
}

function meanRow(side: number, { ours, theirs }: Rounds): Row {
  const common = augmentCases(side).filter(
    ({ isCommon, name }) => isCommon && theirs.every((times) => times[side][name] !== null),
  )
  const meanOf = (times: Times): number =>
    Math.exp(common.reduce((sum, { name }) => sum + Math.log(times[side][name]!), 0) / common.length)
  return row(ours.map(meanOf), theirs.map(meanOf), side)
}

function row(ours: readonly (number | null)[], theirs: readonly (number | null)[], side: number): Row {
  const isCompared = theirs.length > 0 && theirs.every((value) => value !== null)
  const rounded = (values: readonly (number | null)[]): readonly number[] =>
    values.map((value) => Number(value!.toFixed(3)))
  const measure: Measure = {
    name: 'transform',
    unit: 'ms',
    ours: rounded(ours),
    theirs: isCompared ? rounded(theirs) : null,
  }
  return {
    measures: [measure],
    reference: isCompared ? 'Albumentations, OpenCV' : null,
    settings: `${side}×${side}, 1 thread`,
  }
}
