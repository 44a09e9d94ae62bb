import type { ProjectSplit } from './projectSplit.ts'
import { compareCodePoints, groupsOf } from './groups.ts'
import type { Label } from './method.ts'
import { splits } from './registry.ts'
import { splitHash } from './splitHash.ts'

/** Names of the images of one fold. */
export interface ImageFold {
  readonly train: readonly string[]
  readonly validation: readonly string[]
}

/** What files say of the images, by their names: as much of it as the method needs. */
export interface ImageFacts {
  readonly groups?: ReadonlyMap<string, Label>
  readonly labels?: ReadonlyMap<string, Label>
  /** Whether the image shows each class. */
  readonly classes?: ReadonlyMap<string, readonly boolean[]>
  /** The fold in which the image validates; −1 where it always trains. */
  readonly folds?: ReadonlyMap<string, number>
}

export interface SplitOfImages {
  readonly folds: readonly ImageFold[]
  readonly hash: string
  readonly warnings: readonly string[]
}

/**
 * The project's folds. Images are numbered in the order of their names by code point, so the order in which a file system
 * lists them does not matter.
 * @throws UserError in scikit-learn's words when the images cannot be split so
 */
export function splitImages(imageNames: readonly string[], split: ProjectSplit, facts: ImageFacts = {}): SplitOfImages {
  const names = imageNames.toSorted(compareCodePoints)
  const method = splits.get(split.method)
  const warnings: string[] = []
  const inOrder = <T>(known: ReadonlyMap<string, T> | undefined): readonly T[] | undefined =>
    known && names.map((name) => known.get(name)!)
  const pattern = split.group?.pattern
  const input = {
    count: names.length,
    groups: pattern === undefined ? inOrder(facts.groups) : groupsOf(names, pattern),
    labels: inOrder(facts.labels),
    classes: inOrder(facts.classes),
    folds: inOrder(facts.folds),
    warn: (message: string) => warnings.push(message),
  }
  const folds = method.split(input, method.arguments.parse(split))
  const named = (images: readonly number[]): string[] => images.map((image) => names[image])
  return {
    folds: folds.map(({ train, validation }) => ({ train: named(train), validation: named(validation) })),
    hash: splitHash(names, folds),
    warnings,
  }
}
