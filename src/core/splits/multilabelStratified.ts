import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { iterativeStratification } from './iterativeStratification.ts'
import {
  checkFolds,
  foldCount,
  foldsOf,
  needed,
  splitCount,
  splitSeed,
  validationShare,
  type SplitMethod,
} from './method.ts'
import { sizes } from './shuffleSplit.ts'

/** The subset of each image, the images having been shuffled first. */
function shuffledSubsets(
  classes: readonly (readonly boolean[])[],
  shares: readonly number[],
  random: RandomState,
): number[] {
  const order = random.permutation(classes.map((_, image) => image))
  const subsets = iterativeStratification(
    order.map((image) => classes[image]),
    shares,
    random,
  )
  const assignment = new Array<number>(classes.length)
  for (const [position, image] of order.entries()) assignment[image] = subsets[position]
  return assignment
}

const foldArguments = z.object({ n_splits: foldCount, seed: splitSeed })

/** MultilabelStratifiedKFold of iterative-stratification 0.1.9 with shuffle=True: without it ties would be random. */
export const multilabelStratifiedKFold: SplitMethod<typeof foldArguments> = {
  name: 'MultilabelStratifiedKFold',
  summary: 'Cuts the images into folds in which every class is shown by about the same share of the images.',
  arguments: foldArguments,
  needs: ['classes'],
  split({ count, classes }, { n_splits: folds, seed }) {
    checkFolds(count, { n_splits: folds, shuffle: true, seed })
    const shares = new Array<number>(folds).fill(1 / folds)
    const random = new RandomState(seed ?? 0)
    return foldsOf(shuffledSubsets(needed(classes, 'y', 'labels'), shares, random), folds)
  },
}

const shuffleArguments = z.object({ n_splits: splitCount, val_fraction: validationShare(0.1), seed: splitSeed })

/** MultilabelStratifiedShuffleSplit of iterative-stratification 0.1.9. */
export const multilabelStratifiedShuffleSplit: SplitMethod<typeof shuffleArguments> = {
  name: 'MultilabelStratifiedShuffleSplit',
  summary: 'Draws independent hold-out splits in which every class is shown by about the same share of the images.',
  arguments: shuffleArguments,
  needs: ['classes'],
  split({ count, classes: given }, { n_splits: length, val_fraction: share, seed }) {
    const classes = needed(given, 'y', 'labels')
    const { train, validation } = sizes(count, share)
    const random = new RandomState(seed ?? 0)
    return Array.from({ length }, () => {
      const subsets = shuffledSubsets(classes, [train / count, validation / count], random)
      return foldsOf(subsets, 2)[1]
    })
  },
}
