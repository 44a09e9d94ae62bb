import type * as z from 'zod'
import type { Definition } from '../definition.ts'

/** What the validation of one epoch gave; null where it has no finite value. */
export interface EpochScores {
  readonly loss: number | null
  /** The project's primary metric. */
  readonly metric: number | null
}

/**
 * A learning-rate schedule in closed form, so that a resumed run needs no state of it. An argument that is null means the
 * epochs of the whole run.
 */
export interface Scheduler<Arguments extends z.ZodObject = z.ZodObject> extends Definition<Arguments> {
  /** The rate depends on scores: before the run it cannot be foretold. */
  readonly followsScores?: true
  /**
   * Learning rate of epoch t.
   * @param baseLr the optimizer's lr
   * @param t epoch, from 0
   * @param epochs epochs of the whole run
   * @param scores of the epochs before t, from the first; none where they are not known
   */
  rate(baseLr: number, t: number, args: z.output<Arguments>, epochs: number, scores?: readonly EpochScores[]): number
  /** Momentum (β₁) of epoch t; undefined where it stays the optimizer's. @param t epoch, from 0 */
  momentum?(t: number, args: z.output<Arguments>, epochs: number): number | undefined
  /**
   * The arguments for a group of parameters whose base rate is `factor` times the optimizer's, where one of them is a rate
   * that stands in the place of the base (torch takes a list there).
   */
  scaled?(args: z.output<Arguments>, factor: number): z.output<Arguments>
}
