import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { checkMembers, membersBySortedLabel } from './classes.ts'
import { shuffledAssignment } from './kFold.ts'
import {
  checkFolds,
  foldCount,
  foldsOf,
  needed,
  repeatCount,
  splitSeed,
  type Fold,
  type SplitMethod,
} from './method.ts'
import { stratifiedAssignment } from './stratifiedKFold.ts'

const args = z.object({ n_splits: foldCount, n_repeats: repeatCount, seed: splitSeed })

/** The folds of every repeat, one generator running through all of them. */
function repeats(
  { n_splits: folds, n_repeats: length, seed }: z.output<typeof args>,
  assign: (random: RandomState) => number[],
): Fold[] {
  const random = new RandomState(seed ?? 0)
  return Array.from({ length }, () => foldsOf(assign(random), folds)).flat()
}

/** scikit-learn's RepeatedKFold. */
export const repeatedKFold: SplitMethod<typeof args> = {
  name: 'RepeatedKFold',
  summary: 'KFold, several times over in another order: each image validates n_repeats times.',
  arguments: args,
  needs: [],
  split({ count }, given) {
    checkFolds(count, { ...given, shuffle: true })
    return repeats(given, (random) => shuffledAssignment(count, given.n_splits, random))
  },
}

/** scikit-learn's RepeatedStratifiedKFold. */
export const repeatedStratifiedKFold: SplitMethod<typeof args> = {
  name: 'RepeatedStratifiedKFold',
  summary: 'StratifiedKFold, several times over in another order: each image validates n_repeats times.',
  arguments: args,
  needs: ['labels'],
  split({ count, labels: given, warn }, options) {
    checkFolds(count, { ...options, shuffle: true })
    const labels = needed(given, 'y', 'labels')
    checkMembers(membersBySortedLabel(labels), options.n_splits, warn)
    return repeats(options, (random) => stratifiedAssignment(labels, options.n_splits, random))
  },
}
