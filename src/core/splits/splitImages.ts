import type { ProjectSplit } from '../project.ts'
import { compareCodePoints, groupsOf } from './groups.ts'
import { splits } from './registry.ts'
import { splitHash } from './splitHash.ts'

/** Names of the images of one fold. */
export interface ImageFold {
  readonly train: readonly string[]
  readonly validation: readonly string[]
}

/**
 * The project's folds. Images are numbered in the order of their names by code point, so the order in which a file system
 * lists them does not matter.
 * @throws UserError in scikit-learn's words when the images cannot be split so
 */
export function splitImages(
  imageNames: readonly string[],
  split: ProjectSplit,
): { readonly folds: readonly ImageFold[]; readonly hash: string } {
  const names = imageNames.toSorted(compareCodePoints)
  const method = splits.get(split.method)
  const groups = split.group === undefined ? undefined : groupsOf(names, split.group.pattern)
  const folds = method.split({ count: names.length, groups }, method.arguments.parse(split))
  const named = (images: readonly number[]): string[] => images.map((image) => names[image])
  return {
    folds: folds.map(({ train, validation }) => ({ train: named(train), validation: named(validation) })),
    hash: splitHash(names, folds),
  }
}
