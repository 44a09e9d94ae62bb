import * as z from 'zod'
import type { Definition } from '../core/definition.ts'
import type { RandomStream } from '../core/random.ts'
import type { Sample, Size } from './sample.ts'

/** What a transform draws from: `next()` in [0, 1), `integer(n)` in 0 … n − 1, `normal()` with mean 0 and deviation 1. */
export type Random = Pick<RandomStream, 'next' | 'integer' | 'normal' | 'shuffle'>

type ArgumentsWithProbability = z.ZodObject<{ p: z.ZodDefault<z.ZodNumber> }>

/** A change of an image together with its mask; names, arguments and defaults are those of Albumentations 1.4. */
export interface Transform<
  Arguments extends ArgumentsWithProbability = ArgumentsWithProbability,
> extends Definition<Arguments> {
  /**
   * Every size that an image of `size` can have after `apply`; one entry where it does not depend on chance.
   * @throws UserError when an image of this size cannot be transformed
   */
  outputSizes(size: Size, args: z.output<Arguments>): readonly Size[]
  /** The changed sample; whether it happens at all (`p`) was already drawn. */
  apply(sample: Sample, args: z.output<Arguments>, random: Random): Sample
}

/** Ties the types of `apply` to the schema beside it. */
export function defineTransform<Arguments extends ArgumentsWithProbability>(
  transform: Transform<Arguments>,
): Transform<Arguments> {
  return transform
}

export interface DrawnTransform<Arguments extends ArgumentsWithProbability, Parameters> extends Transform<Arguments> {
  /** What is left to chance, drawn once per image; holds everything that `perform` needs. */
  draw(sample: Sample, args: z.output<Arguments>, random: Random): Parameters
  /** The transform with fixed parameters: what reference values are compared with. */
  perform(sample: Sample, parameters: Parameters): Sample
}

/** A transform in two halves, drawing and doing, so that the second can be held against a library's output. */
export function defineDrawnTransform<Arguments extends ArgumentsWithProbability, Parameters>(
  halves: Omit<DrawnTransform<Arguments, Parameters>, 'apply'>,
): DrawnTransform<Arguments, Parameters> {
  return {
    ...halves,
    apply: (sample, args, random) => halves.perform(sample, halves.draw(sample, args, random)),
  }
}

/** Argument `p` of every transform. */
export function probability(byDefault: number): z.ZodDefault<z.ZodNumber> {
  return z
    .number()
    .min(0)
    .max(1)
    .default(byDefault)
    .describe(`Probability that an image is transformed (default ${byDefault}).`)
}

/** A number of pixels, at least 1. */
export function pixels(description: string): z.ZodNumber {
  return z.number().int().min(1).max(65_535).describe(description)
}
