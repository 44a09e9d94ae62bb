import * as z from 'zod'
import type { Definition } from '../../core/definition.ts'
import type { Size } from '../sample.ts'
import type { Random } from '../transform.ts'

/** A batch as the network takes it; a mix writes into it. */
export interface MixedBatch extends Size {
  /** [N, 3, height, width], normalised */
  readonly image: Float32Array
  /** [N, height, width], class index or 255 = ignored */
  readonly target: Int32Array
  /** N */
  readonly count: number
}

/** Two label maps of one image: its own counts `share`, that of its partner 1 − `share`. */
export interface SecondLabels {
  readonly share: number
  /** For each image of the batch the one that was mixed in. */
  readonly partners: readonly number[]
}

/**
 * What the loss compares with: `one` label map, `two` of them each with its share, or one whose pixels are `weighted` by
 * what the network itself looks at.
 */
export type MixedLabels = 'one' | 'two' | 'weighted'

type MixArguments = z.ZodObject<{ p: z.ZodDefault<z.ZodNumber> }>

/** A way to mix the images of a training batch with one another. */
export interface Mix<Arguments extends MixArguments = MixArguments> extends Definition<Arguments> {
  readonly labels: MixedLabels
  /**
   * Mixes a batch in place; whether it happens at all (`p`) was already drawn. Those with `weighted` labels do nothing
   * here: they need the network, so the trainer mixes.
   */
  apply(batch: MixedBatch, args: z.output<Arguments>, random: Random): SecondLabels | undefined
}

/** Ties the types of `apply` to the schema beside it. */
export function defineMix<Arguments extends MixArguments>(mix: Mix<Arguments>): Mix<Arguments> {
  return mix
}

/** Argument `p` of every mix. */
export const batchProbability = z
  .number()
  .min(0)
  .max(1)
  .default(0.5)
  .describe('Probability that a batch is mixed (default 0.5).')

/** Argument `alpha`. */
export function betaParameter(byDefault: number): z.ZodDefault<z.ZodNumber> {
  return z
    .number()
    .positive()
    .max(100)
    .default(byDefault)
    .describe(`The share is drawn from Beta(alpha, alpha), once per batch (default ${byDefault}).`)
}

/** For each image of a batch the one that is mixed in. */
export function drawPartners(count: number, random: Random): number[] {
  return random.shuffle(Array.from({ length: count }, (_, index) => index))
}
