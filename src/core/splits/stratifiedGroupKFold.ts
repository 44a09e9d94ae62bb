import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { checkMembers, membersBySortedLabel } from './classes.ts'
import { checkFolds, foldCount, foldsOf, needed, splitSeed, type SplitMethod } from './method.ts'
import { pairwiseSum, standardDeviation, sumOneByOne } from './numpySums.ts'

const args = z.object({
  n_splits: foldCount,
  shuffle: z
    .boolean()
    .default(false)
    .describe('Shuffle the groups first, so that other seeds give other folds where groups are alike.'),
  seed: splitSeed,
})

/** Two errors that NumPy's `isclose` calls equal. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b)
}

/** [row][column] → [column][row] */
function transposed(rows: readonly (readonly number[])[]): number[][] {
  return rows[0].map((_, column) => rows.map((row) => row[column]))
}

/**
 * How unevenly the folds have the classes: the mean over classes of the deviation between the folds' shares. NumPy's order
 * of summation is part of it, since ties are decided by the last bit.
 */
function unevenness(loads: readonly (readonly number[])[], totals: readonly number[]): number {
  const shares = loads.map((load) => load.map((count, label) => count / totals[label]))
  const deviations = transposed(shares).map((column) => standardDeviation(column, sumOneByOne))
  return pairwiseSum(deviations) / deviations.length
}

/** The fold to which a group of these class counts adds the least unevenness; of equal ones that with the fewest images. */
function bestFold(loads: number[][], group: readonly number[], totals: readonly number[]): number {
  let best = 0
  let [least, fewest] = [Infinity, Infinity]
  for (const [fold, load] of loads.entries()) {
    const raised = loads.with(
      fold,
      load.map((count, label) => count + group[label]),
    )
    const error = unevenness(raised, totals)
    const images = load.reduce((sum, count) => sum + count, 0)
    if (error < least || (isClose(error, least) && images < fewest)) [best, least, fewest] = [fold, error, images]
  }
  return best
}

/** scikit-learn's StratifiedGroupKFold. */
export const stratifiedGroupKFold: SplitMethod<typeof args> = {
  name: 'StratifiedGroupKFold',
  summary: 'Keeps groups together and gives every fold the labels in about the same share; folds can differ in size.',
  arguments: args,
  needs: ['groups', 'labels'],
  split({ count, groups: givenGroups, labels: givenLabels, warn }, { n_splits: folds, shuffle, seed }) {
    checkFolds(count, { n_splits: folds, shuffle, seed })
    const labels = needed(givenLabels, 'y', 'labels')
    const byLabel = membersBySortedLabel(labels)
    checkMembers(byLabel, folds, warn)
    const byGroup = membersBySortedLabel(needed(givenGroups, 'groups', 'group'))
    const groups = shuffle ? new RandomState(seed ?? 0).permutation(byGroup) : byGroup
    const labelNumber = new Map(byLabel.map(({ label }, number) => [label, number]))
    const counts = groups.map(({ images }) => {
      const row = new Array<number>(byLabel.length).fill(0)
      for (const image of images) row[labelNumber.get(labels[image])!]++
      return row
    })
    const deviations = counts.map((row) => standardDeviation(row, pairwiseSum))
    const order = groups.map((_, index) => index).sort((a, b) => deviations[b] - deviations[a])
    const totals = byLabel.map(({ images }) => images.length)
    const loads = Array.from({ length: folds }, () => totals.map(() => 0))
    const assignment = new Array<number>(count)
    for (const index of order) {
      const fold = bestFold(loads, counts[index], totals)
      loads[fold] = loads[fold].map((load, label) => load + counts[index][label])
      for (const image of groups[index].images) assignment[image] = fold
    }
    return foldsOf(assignment, folds)
  },
}
