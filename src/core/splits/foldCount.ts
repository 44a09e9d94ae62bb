import type { ProjectSplit } from './projectSplit.ts'

/** scikit-learn's numbers where a project leaves them out. */
export const defaultFolds = 5
export const defaultSplits = 10
export const defaultRepeats = 10

/** How many folds a project's split has, without its images: methods with several say so by `n_splits` and `n_repeats`. */
export function foldCount({ method, n_splits: folds, n_repeats: repeats }: ProjectSplit): number {
  if (method === 'HoldOut') return 1
  const perRepeat = typeof folds === 'number' ? folds : method.endsWith('ShuffleSplit') ? defaultSplits : defaultFolds
  if (!method.startsWith('Repeated')) return perRepeat
  return perRepeat * (typeof repeats === 'number' ? repeats : defaultRepeats)
}
