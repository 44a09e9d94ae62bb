import * as z from 'zod'
import type { Definition } from '../definition.ts'
import { UserError } from '../errors.ts'
import { defaultFolds, defaultRepeats, defaultSplits } from './foldCount.ts'

/** Image numbers 0 … n − 1 of one fold, in scikit-learn's order. */
export interface Fold {
  readonly train: readonly number[]
  readonly validation: readonly number[]
}

/** Text or number that several images may have in common. */
export type Label = string | number

/**
 * What a method must know of each image besides its number: its group, its one label, which classes it shows, or the fold
 * in which it validates.
 */
export type SplitNeed = 'groups' | 'labels' | 'classes' | 'folds'

export interface SplitInput {
  /** Number of images. */
  readonly count: number
  /** The group of each image; only grouping methods read it. */
  readonly groups?: readonly Label[] | undefined
  /** The label of each image that folds shall have in equal shares. */
  readonly labels?: readonly Label[] | undefined
  /** [image][class]: whether the image shows the class. */
  readonly classes?: readonly (readonly boolean[])[] | undefined
  /** The fold in which each image validates; −1 where it always trains. */
  readonly folds?: readonly number[] | undefined
  /** Told what scikit-learn would warn of, in its words. */
  readonly warn?: ((message: string) => void) | undefined
}

/** A way to split a data set, with the indices that scikit-learn 1.9.1 gives. */
export interface SplitMethod<Arguments extends z.ZodObject = z.ZodObject> extends Definition<Arguments> {
  readonly needs: readonly SplitNeed[]
  /** @throws UserError in scikit-learn's words when the images cannot be split so */
  split(input: SplitInput, args: z.output<Arguments>): readonly Fold[]
}

export const splitSeed = z
  .int()
  .min(0)
  .max(4294967295)
  .optional()
  .describe('Seed of the shuffle (random_state); 0 when left out. Without shuffle it must be left out.')

export const foldCount = z.int().default(defaultFolds).describe('Number of folds, 2 or more.')

export const repeatCount = z
  .int()
  .min(1)
  .default(defaultRepeats)
  .describe('How often the images are split anew; there are n_splits × n_repeats folds.')

export const splitCount = z.int().min(1).default(defaultSplits).describe('How many independent splits are drawn.')

/** Share of the images that validate. @param byDefault scikit-learn's test_size */
export function validationShare(byDefault: number): z.ZodDefault<z.ZodNumber> {
  return z
    .number()
    .default(byDefault)
    .describe('Share of the images that validate, between 0 and 1 and rounded up, or a whole number of images.')
}

/** Message of scikit-learn, with the key of the project file that mends it. */
export function splitError(message: string, key: string, value: unknown): UserError {
  return new UserError(message, { value, hint: `Change split.${key} in foldwise/project.jsonc.`, code: 'split' })
}

/** scikit-learn's checks of every k-fold method, in its order. */
export function checkFolds(
  count: number,
  args: { readonly n_splits: number; readonly shuffle: boolean; readonly seed?: number | undefined },
): void {
  const { n_splits: folds, shuffle, seed } = args
  if (folds <= 1) {
    throw splitError(
      `k-fold cross-validation requires at least one train/test split by setting n_splits=2 or more, got n_splits=${folds}.`,
      'n_splits',
      folds,
    )
  }
  if (!shuffle && seed !== undefined) {
    throw splitError(
      'Setting a random_state has no effect since shuffle is False. You should leave random_state to its default (None), or set shuffle=True.',
      'seed',
      seed,
    )
  }
  if (folds > count)
    throw splitError(
      `Cannot have number of splits n_splits=${folds} greater than the number of samples: n_samples=${count}.`,
      'n_splits',
      folds,
    )
}

/**
 * What a method needs of the images.
 * @throws UserError in scikit-learn's words where it is missing
 */
export function needed<T>(facts: readonly T[] | undefined, parameter: string, key: string): readonly T[] {
  if (facts === undefined) throw splitError(`The '${parameter}' parameter should not be None.`, key, undefined)
  return facts
}

/** Consecutive blocks whose sizes differ by at most one, the larger ones first. */
export function consecutiveBlocks<T>(items: readonly T[], blocks: number): T[][] {
  const size = Math.floor(items.length / blocks)
  const larger = items.length % blocks
  return Array.from({ length: blocks }, (_, block) => {
    const start = block * size + Math.min(block, larger)
    return items.slice(start, start + size + (block < larger ? 1 : 0))
  })
}

/** Folds from the fold number of each image; both lists ascend, as they do behind scikit-learn's mask. */
export function foldsOf(assignment: readonly number[], folds: number): Fold[] {
  const images = assignment.map((_, image) => image)
  return Array.from({ length: folds }, (_, fold) => ({
    train: images.filter((image) => assignment[image] !== fold),
    validation: images.filter((image) => assignment[image] === fold),
  }))
}
