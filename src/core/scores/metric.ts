import type * as z from 'zod'
import type { Definition } from '../definition.ts'
import type { ClassCounts } from '../metrics.ts'

/** A score that follows from the stored counts of images: no image or prediction is needed for it. Higher is better. */
export interface MetricDefinition<Arguments extends z.ZodObject = z.ZodObject> extends Definition<Arguments> {
  /** In 0 … 1 (Cohen's kappa may be negative) over a set of images; null where it is not defined. */
  of(images: readonly ClassCounts[], args: z.infer<Arguments>): number | null
  /** The same of every class over the pooled images, where there is such a thing. */
  readonly perClass?: (images: readonly ClassCounts[]) => readonly (number | null)[]
}

export function defineMetric<Arguments extends z.ZodObject>(definition: MetricDefinition<Arguments>): MetricDefinition {
  return definition
}
