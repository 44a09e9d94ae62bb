import type { RandomState } from '../randomState.ts'

/** What is still wished of each subset. */
interface Wishes {
  /** [subset]: images. */
  readonly images: number[]
  /** [subset][class]: images that show the class. */
  readonly perClass: number[][]
}

/**
 * Iterative stratification of Sechidis, Tsoumakas and Vlahavas 2011, as in the package iterative-stratification 0.1.9: the
 * rarest class first, each of its images to the subset that lacks it most.
 * @param shows [image][class], images already shuffled
 * @param shares of the subsets, sum 1
 * @returns the subset of each image
 */
export function iterativeStratification(
  shows: readonly (readonly boolean[])[],
  shares: readonly number[],
  random: RandomState,
): number[] {
  const classes = shows[0].map((_, label) => label)
  const totals = classes.map((label) => shows.filter((image) => image[label]).length)
  const wishes: Wishes = {
    images: shares.map((share) => share * shows.length),
    perClass: shares.map((share) => totals.map((total) => share * total)),
  }
  const subsetOf = new Array<number>(shows.length).fill(-1)
  const give = (image: number, subset: number): void => {
    subsetOf[image] = subset
    wishes.images[subset]--
    for (const label of classes) if (shows[image][label]) wishes.perClass[subset][label]--
  }
  for (;;) {
    const rest = shows.flatMap((_, image) => (subsetOf[image] < 0 ? [image] : []))
    if (rest.length === 0) return subsetOf
    const counts = classes.map((label) => rest.filter((image) => shows[image][label]).length)
    const rarest = Math.min(...counts.filter((count) => count > 0))
    if (rarest === Infinity) {
      // Only images without any class are left: they even out the sizes.
      for (const image of rest) give(image, pick(largest(wishes.images), random))
      return subsetOf
    }
    const label = pick(
      classes.filter((each) => counts[each] === rarest),
      random,
    )
    for (const image of rest.filter((each) => shows[each][label])) {
      const lacking = largest(wishes.perClass.map((perClass) => perClass[label]))
      const largestOfThem = largest(lacking.map((subset) => wishes.images[subset])).map((index) => lacking[index])
      give(image, pick(lacking.length > 1 ? largestOfThem : lacking, random))
    }
  }
}

/** Positions of the largest value. */
function largest(values: readonly number[]): number[] {
  const most = Math.max(...values)
  return values.flatMap((value, index) => (value === most ? [index] : []))
}

/** By lot; one candidate draws nothing. */
function pick(candidates: readonly number[], random: RandomState): number {
  return candidates.length > 1 ? candidates[random.randint(candidates.length)] : candidates[0]
}
