import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { membersBySortedLabel, type Members } from './classes.ts'
import {
  checkFolds,
  consecutiveBlocks,
  foldCount,
  foldsOf,
  needed,
  splitError,
  splitSeed,
  type SplitMethod,
} from './method.ts'

const args = z.object({
  n_splits: foldCount,
  shuffle: z
    .boolean()
    .default(false)
    .describe(
      'false: the largest group to the lightest fold, so folds are near equal in images. true: shuffled groups cut into folds of equally many groups, whatever their sizes.',
    ),
  seed: splitSeed,
})

/** Shuffled groups, cut into blocks (scikit-learn ≥ 1.6). */
function shuffledFolds(groups: readonly Members[], folds: number, seed: number): readonly (readonly Members[])[] {
  return consecutiveBlocks(new RandomState(seed).permutation(groups), folds)
}

/** Largest group first, each to the fold with the fewest images so far; of equally large groups the last in order comes first. */
function balancedFolds(groups: readonly Members[], folds: number): readonly (readonly Members[])[] {
  const load = new Array<number>(folds).fill(0)
  const dealt = Array.from({ length: folds }, (): Members[] => [])
  for (const group of groups.toSorted((a, b) => a.images.length - b.images.length).reverse()) {
    const lightest = load.indexOf(Math.min(...load))
    load[lightest] += group.images.length
    dealt[lightest].push(group)
  }
  return dealt
}

/** scikit-learn's GroupKFold. */
export const groupKFold: SplitMethod<typeof args> = {
  name: 'GroupKFold',
  summary: 'Keeps all images of a group (a patient, a slide, a scene) in the same fold.',
  arguments: args,
  needs: ['groups'],
  split({ count, groups: given }, { n_splits: folds, shuffle, seed }) {
    checkFolds(count, { n_splits: folds, shuffle, seed })
    const groups = membersBySortedLabel(needed(given, 'groups', 'group'))
    if (folds > groups.length) {
      throw splitError(
        `Cannot have number of splits n_splits=${folds} greater than the number of groups: ${groups.length}.`,
        'n_splits',
        folds,
      )
    }
    const dealt = shuffle ? shuffledFolds(groups, folds, seed ?? 0) : balancedFolds(groups, folds)
    const assignment = new Array<number>(count)
    for (const [fold, own] of dealt.entries())
      for (const { images } of own) for (const image of images) assignment[image] = fold
    return foldsOf(assignment, folds)
  },
}
