import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { splitError, splitSeed, validationShare, type SplitMethod } from './method.ts'
import { drawSplit, sizes } from './shuffleSplit.ts'

const args = z.object({
  val_fraction: validationShare(0.2),
  shuffle: z.boolean().default(true).describe('Draw the validation images at random; false takes the last ones.'),
  seed: splitSeed,
})

/** scikit-learn's train_test_split without stratification; its default share is 0.25. */
export const holdOut: SplitMethod<typeof args> = {
  name: 'HoldOut',
  summary: 'Holds one part of the images out for validation: a single fold.',
  arguments: args,
  needs: [],
  split({ count }, { val_fraction: share, shuffle, seed }) {
    if (shuffle) return [drawSplit(count, share, new RandomState(seed ?? 0))]
    if (seed !== undefined) {
      throw splitError(
        'Setting a random_state has no effect since shuffle is False. You should leave random_state to its default (None), or set shuffle=True.',
        'seed',
        seed,
      )
    }
    const { train } = sizes(count, share)
    const images = Array.from({ length: count }, (_, image) => image)
    return [{ train: images.slice(0, train), validation: images.slice(train) }]
  },
}
