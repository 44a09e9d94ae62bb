import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { checkMembers, membersBySortedLabel, numberedByAppearance } from './classes.ts'
import { checkFolds, foldCount, foldsOf, needed, splitSeed, type Label, type SplitMethod } from './method.ts'

const args = z.object({
  n_splits: foldCount,
  shuffle: z.boolean().default(true).describe('Shuffle the images of a label before they are dealt to the folds.'),
  seed: splitSeed,
})

/**
 * The fold in which each image validates: each fold gets its share of every label (scikit-learn's StratifiedKFold).
 * @param random null deals the images of a label in their order
 */
export function stratifiedAssignment(labels: readonly Label[], folds: number, random: RandomState | null): number[] {
  const numbers = numberedByAppearance(labels)
  const classes = Math.max(...numbers) + 1
  const sorted = numbers.toSorted((a, b) => a - b)
  const assignment = new Array<number>(labels.length)
  for (let label = 0; label < classes; label++) {
    const dealt = Array.from({ length: folds }, (_, fold) =>
      sorted.filter((number, position) => number === label && position % folds === fold).map(() => fold),
    ).flat()
    random?.shuffle(dealt)
    let next = 0
    for (const [image, number] of numbers.entries()) if (number === label) assignment[image] = dealt[next++]
  }
  return assignment
}

/** scikit-learn's StratifiedKFold (whose own default is shuffle=False). */
export const stratifiedKFold: SplitMethod<typeof args> = {
  name: 'StratifiedKFold',
  summary: 'Cuts the images into folds that have every label in the same share as the whole.',
  arguments: args,
  needs: ['labels'],
  split({ count, labels: given, warn }, { n_splits: folds, shuffle, seed }) {
    checkFolds(count, { n_splits: folds, shuffle, seed })
    const labels = needed(given, 'y', 'labels')
    checkMembers(membersBySortedLabel(labels), folds, warn)
    return foldsOf(stratifiedAssignment(labels, folds, shuffle ? new RandomState(seed ?? 0) : null), folds)
  },
}
