import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { splitCount, splitError, splitSeed, validationShare, type Fold, type SplitMethod } from './method.ts'

/**
 * Number of training and validation images (scikit-learn's _validate_shuffle_split). The product is rounded up as a double:
 * 0.07 of 100 images are 8.
 */
export function sizes(count: number, share: number): { train: number; validation: number } {
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
export function drawSplit(count: number, share: number, random: RandomState): Fold {
  const { train, validation } = sizes(count, share)
  const order = random.permutation(Array.from({ length: count }, (_, image) => image))
  return { train: order.slice(validation, validation + train), validation: order.slice(0, validation) }
}

const args = z.object({ n_splits: splitCount, val_fraction: validationShare(0.1), seed: splitSeed })

/** scikit-learn's ShuffleSplit. */
export const shuffleSplit: SplitMethod<typeof args> = {
  name: 'ShuffleSplit',
  summary: 'Draws independent hold-out splits: an image may validate in several of them, or in none.',
  arguments: args,
  needs: [],
  split({ count }, { n_splits: length, val_fraction: share, seed }) {
    const random = new RandomState(seed ?? 0)
    return Array.from({ length }, () => drawSplit(count, share, random))
  },
}
