import type { RandomState } from '../randomState.ts'
import { compareGroups } from './groups.ts'
import { splitError, type Label } from './method.ts'

/** Labels as numbers 0 … n − 1, in the order of their first appearance (as StratifiedKFold numbers them). */
export function numberedByAppearance(labels: readonly Label[]): number[] {
  const numbers = new Map<Label, number>()
  return labels.map((label) => {
    const number = numbers.get(label) ?? numbers.size
    numbers.set(label, number)
    return number
  })
}

/** A label or group and the images that have it, in their order. */
export interface Members {
  readonly label: Label
  readonly images: number[]
}

/** The images of each label; labels in the order in which NumPy sorts them. */
export function membersBySortedLabel(labels: readonly Label[]): Members[] {
  const members = new Map<Label, number[]>()
  for (const [image, label] of labels.entries()) {
    const images = members.get(label)
    if (images === undefined) members.set(label, [image])
    else images.push(image)
  }
  return [...members].map(([label, images]) => ({ label, images })).sort((a, b) => compareGroups(a.label, b.label))
}

/**
 * scikit-learn's checks of every stratified k-fold method.
 * @throws UserError when no label has a member for every fold
 */
export function checkMembers(
  members: readonly Members[],
  folds: number,
  warn: ((message: string) => void) | undefined,
): void {
  const counts = members.map(({ images }) => images.length)
  if (counts.every((count) => count < folds)) {
    throw splitError(`n_splits=${folds} cannot be greater than the number of members in each class.`, 'n_splits', folds)
  }
  const least = Math.min(...counts)
  if (least < folds) {
    warn?.(`The least populated class in y has only ${least} members, which is less than n_splits=${folds}.`)
  }
}

/**
 * The most probable numbers of `draws` things drawn from classes of these sizes; what is left over goes to the largest
 * remainders, by lot where those are equal (scikit-learn's _approximate_mode).
 */
export function approximateMode(counts: readonly number[], draws: number, random: RandomState): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const shares = counts.map((count) => (count / total) * draws)
  const result = shares.map(Math.floor)
  const remainders = shares.map((share, index) => share - result[index])
  let missing = draws - result.reduce((sum, count) => sum + count, 0)
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break
    const indices = remainders.flatMap((remainder, index) => (remainder === value ? [index] : []))
    // scikit-learn draws even when all of them are taken.
    const chosen = random.choice(indices, Math.min(indices.length, missing))
    for (const index of chosen) result[index]++
    missing -= chosen.length
  }
  return result
}
