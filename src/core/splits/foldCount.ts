import type { ProjectSplit } from '../project.ts'

/** How many folds a project's split has, without its images: methods with several say so by `n_splits`. */
export function foldCount(split: ProjectSplit): number {
  const { n_splits: folds } = split
  return typeof folds === 'number' ? folds : 1
}
