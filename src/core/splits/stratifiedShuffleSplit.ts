import * as z from 'zod'
import { RandomState } from '../randomState.ts'
import { approximateMode, membersBySortedLabel } from './classes.ts'
import {
  needed,
  splitCount,
  splitError,
  splitSeed,
  validationShare,
  type Fold,
  type Label,
  type SplitMethod,
} from './method.ts'
import { sizes } from './shuffleSplit.ts'

const args = z.object({ n_splits: splitCount, val_fraction: validationShare(0.1), seed: splitSeed })

interface Plan {
  readonly train: number
  readonly validation: number
  /** The images of each label. */
  readonly members: readonly (readonly number[])[]
}

/** scikit-learn's checks. @throws UserError in its words */
function planOf(labels: readonly Label[], share: number): Plan {
  const classes = membersBySortedLabel(labels)
  const { train, validation } = sizes(labels.length, share)
  const single = classes.filter(({ images }) => images.length < 2)
  if (single.length > 0) {
    throw splitError(
      `The least populated classes in y have only 1 member, which is too few. The minimum number of groups for any class cannot be less than 2. Classes with too few members are: [${single.map(({ label }) => (typeof label === 'number' ? label : `'${label}'`)).join(', ')}]`,
      'labels',
      undefined,
    )
  }
  for (const [name, size] of [
    ['train', train],
    ['test', validation],
  ] as const) {
    if (size < classes.length) {
      throw splitError(
        `The ${name}_size = ${size} should be greater or equal to the number of classes = ${classes.length}`,
        'val_fraction',
        share,
      )
    }
  }
  return { train, validation, members: classes.map(({ images }) => images) }
}

function drawStratified({ train, validation, members }: Plan, random: RandomState): Fold {
  const counts = members.map((images) => images.length)
  const trains = approximateMode(counts, train, random)
  const rest = counts.map((count, label) => count - trains[label])
  const validates = approximateMode(rest, validation, random)
  const drawn = members.map((images) => random.permutation(images))
  const training = drawn.flatMap((images, label) => images.slice(0, trains[label]))
  const validating = drawn.flatMap((images, label) => images.slice(trains[label], trains[label] + validates[label]))
  return { train: random.permutation(training), validation: random.permutation(validating) }
}

/** scikit-learn's StratifiedShuffleSplit; with n_splits 1 its train_test_split(stratify=…). */
export const stratifiedShuffleSplit: SplitMethod<typeof args> = {
  name: 'StratifiedShuffleSplit',
  summary: 'Draws independent hold-out splits that have every label in the same share as the whole.',
  arguments: args,
  needs: ['labels'],
  split({ labels }, { n_splits: length, val_fraction: share, seed }) {
    const plan = planOf(needed(labels, 'y', 'labels'), share)
    const random = new RandomState(seed ?? 0)
    return Array.from({ length }, () => drawStratified(plan, random))
  },
}
