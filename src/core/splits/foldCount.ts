import type { ProjectSplit } from '../project.ts'

/** How many folds a project's split has, without its images: methods with several say so by `n_splits` and `n_repeats`. */
export function foldCount({ n_splits: folds = 1, n_repeats: repeats = 1 }: ProjectSplit): number {
  return typeof folds === 'number' && typeof repeats === 'number' ? folds * repeats : 1
}
