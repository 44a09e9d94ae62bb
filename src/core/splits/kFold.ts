import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { checkFolds, consecutiveBlocks, foldCount, foldsOf, splitSeed, type SplitMethod } from './method.ts'

const args = z.object({
  n_splits: foldCount,
  shuffle: z.boolean().default(true).describe('Shuffle the images before they are cut into folds.'),
  seed: splitSeed,
})

/** The fold in which each image validates. @param random null keeps the images in their order */
export function shuffledAssignment(count: number, folds: number, random: RandomState | null): number[] {
  const order = Array.from({ length: count }, (_, image) => image)
  random?.shuffle(order)
  const assignment = new Array<number>(count)
  for (const [fold, block] of consecutiveBlocks(order, folds).entries())
    for (const image of block) assignment[image] = fold
  return assignment
}

/** scikit-learn's KFold (whose own default is shuffle=False). */
export const kFold: SplitMethod<typeof args> = {
  name: 'KFold',
  summary: 'Cuts the images into folds of equal size; each fold validates once.',
  arguments: args,
  needs: [],
  split({ count }, { n_splits: folds, shuffle, seed }) {
    checkFolds(count, { n_splits: folds, shuffle, seed })
    return foldsOf(shuffledAssignment(count, folds, shuffle ? new RandomState(seed ?? 0) : null), folds)
  },
}
