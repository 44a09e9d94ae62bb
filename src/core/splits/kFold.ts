import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { checkFolds, consecutiveBlocks, foldCount, foldsOf, splitSeed, type SplitMethod } from './method.ts'

const args = z.object({
  n_splits: foldCount,
  shuffle: z.boolean().default(true).describe('Shuffle the images before they are cut into folds.'),
  seed: splitSeed,
})

/** scikit-learn's KFold (whose own default is shuffle=False). */
export const kFold: SplitMethod<typeof args> = {
  name: 'KFold',
  summary: 'Cuts the images into folds of equal size; each fold validates once.',
  arguments: args,
  split({ count }, { n_splits: folds, shuffle, seed }) {
    checkFolds(count, { n_splits: folds, shuffle, seed })
    const order = Array.from({ length: count }, (_, image) => image)
    if (shuffle) new RandomState(seed ?? 0).shuffle(order)
    const assignment = new Array<number>(count)
    for (const [fold, block] of consecutiveBlocks(order, folds).entries())
      for (const image of block) assignment[image] = fold
    return foldsOf(assignment, folds)
  },
}
