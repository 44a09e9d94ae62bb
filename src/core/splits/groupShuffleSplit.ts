import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { membersBySortedLabel } from './classes.ts'
import { needed, splitCount, splitSeed, validationShare, type SplitMethod } from './method.ts'
import { drawSplit } from './shuffleSplit.ts'

const args = z.object({
  n_splits: splitCount,
  val_fraction: validationShare(0.2).describe(
    'Share of the groups that validate, between 0 and 1 and rounded up, or a whole number of groups.',
  ),
  seed: splitSeed,
})

/** scikit-learn's GroupShuffleSplit: a ShuffleSplit of the groups. */
export const groupShuffleSplit: SplitMethod<typeof args> = {
  name: 'GroupShuffleSplit',
  summary: 'Draws independent hold-out splits of whole groups.',
  arguments: args,
  needs: ['groups'],
  split({ groups }, { n_splits: length, val_fraction: share, seed }) {
    const members = membersBySortedLabel(needed(groups, 'groups', 'group')).map(({ images }) => images)
    const random = new RandomState(seed ?? 0)
    const imagesOf = (chosen: readonly number[]): number[] =>
      chosen.flatMap((group) => members[group]).sort((a, b) => a - b)
    return Array.from({ length }, () => {
      const { train, validation } = drawSplit(members.length, share, random)
      return { train: imagesOf(train), validation: imagesOf(validation) }
    })
  },
}
