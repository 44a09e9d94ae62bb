import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { splitError, splitSeed, type Fold, type SplitMethod } from './method.ts'

const args = z.object({
  val_fraction: z
    .number()
    .default(0.2)
    .describe('Share of the images that validate, between 0 and 1 and rounded up, or a whole number of images.'),
  shuffle: z.boolean().default(true).describe('Draw the validation images at random; false takes the last ones.'),
  seed: splitSeed,
})

/**
 * Number of training and validation images (scikit-learn's _validate_shuffle_split). The product is rounded up as a double:
 * 0.07 of 100 images are 8.
 */
function sizes(count: number, share: number): { train: number; validation: number } {
  const isWhole = Number.isInteger(share)
  if (share <= 0 || (isWhole ? share >= count : share >= 1)) {
    throw splitError(
      `test_size=${share} should be either positive and smaller than the number of samples ${count} or a float in the (0, 1) range`,
      'val_fraction',
      share,
    )
  }
  const validation = isWhole ? share : Math.ceil(share * count)
  if (validation < count) return { train: count - validation, validation }
  throw splitError(
    `With n_samples=${count}, test_size=${share} and train_size=None, the resulting train set will be empty. Adjust any of the aforementioned parameters.`,
    'val_fraction',
    share,
  )
}

/** One split of scikit-learn's ShuffleSplit; further ones continue with the same generator. Both lists in permuted order. */
export function shuffleSplit(count: number, share: number, random: RandomState): Fold {
  const { train, validation } = sizes(count, share)
  const order = random.permutation(Array.from({ length: count }, (_, image) => image))
  return { train: order.slice(validation, validation + train), validation: order.slice(0, validation) }
}

/** scikit-learn's train_test_split without stratification; its default share is 0.25. */
export const holdOut: SplitMethod<typeof args> = {
  name: 'HoldOut',
  summary: 'Holds one part of the images out for validation: a single fold.',
  arguments: args,
  split({ count }, { val_fraction: share, shuffle, seed }) {
    if (shuffle) return [shuffleSplit(count, share, new RandomState(seed ?? 0))]
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
