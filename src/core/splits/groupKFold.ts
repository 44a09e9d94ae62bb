import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { compareGroups } from './groups.ts'
import {
  checkFolds,
  consecutiveBlocks,
  foldCount,
  foldsOf,
  needed,
  splitError,
  splitSeed,
  type Label,
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

/** Shuffled unique groups, cut into blocks (scikit-learn ≥ 1.6). */
function shuffledFolds(unique: readonly Label[], folds: number, seed: number): Map<Label, number> {
  const blocks = consecutiveBlocks(new RandomState(seed).permutation(unique), folds)
  return new Map(blocks.flatMap((block, fold) => block.map((group) => [group, fold])))
}

/** Largest group first, each to the fold with the fewest images so far; of equally large groups the last in order comes first. */
function balancedFolds(unique: readonly Label[], groups: readonly Label[], folds: number): Map<Label, number> {
  const sizes = new Map<Label, number>()
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const load = new Array<number>(folds).fill(0)
  const foldOf = new Map<Label, number>()
  for (const group of unique.toSorted((a, b) => sizes.get(a)! - sizes.get(b)!).reverse()) {
    const lightest = load.indexOf(Math.min(...load))
    load[lightest] += sizes.get(group)!
    foldOf.set(group, lightest)
  }
  return foldOf
}

/** scikit-learn's GroupKFold. */
export const groupKFold: SplitMethod<typeof args> = {
  name: 'GroupKFold',
  summary: 'Keeps all images of a group (a patient, a slide, a scene) in the same fold.',
  arguments: args,
  needs: ['groups'],
  split({ count, groups: given }, { n_splits: folds, shuffle, seed }) {
    checkFolds(count, { n_splits: folds, shuffle, seed })
    const groups = needed(given, 'groups', 'group')
    const unique = [...new Set(groups)].sort(compareGroups)
    if (folds > unique.length) {
      throw splitError(
        `Cannot have number of splits n_splits=${folds} greater than the number of groups: ${unique.length}.`,
        'n_splits',
        folds,
      )
    }
    const foldOf = shuffle ? shuffledFolds(unique, folds, seed ?? 0) : balancedFolds(unique, groups, folds)
    return foldsOf(
      groups.map((group) => foldOf.get(group)!),
      folds,
    )
  },
}
